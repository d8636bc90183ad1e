// The 90 villages with machines: a set for blood pressure, glucose and ECG in each, kept by the clinic that looks after it.
import type { Resource } from '@yimai/fhir';
import { places } from './places.ts';
import { SYNTHETIC_TAG } from './systems.ts';

const MACHINE_NUMBER_SYSTEM = 'https://yimai.example/id/machine';

export function machines(): Resource[] {
  const clinics = places().filter((one) => one.kind === 'village-clinic');
  return clinics
    .flatMap((clinic) => clinic.villages.map((village) => ({ clinic, village })))
    .map(({ clinic, village }, index): Resource => {
      const number = `99VM${String(index + 1).padStart(4, '0')}`;
      return {
        resourceType: 'Device',
        id: `machine-${index + 1}`,
        meta: { tag: SYNTHETIC_TAG },
        identifier: [{ system: MACHINE_NUMBER_SYSTEM, value: number }],
        status: 'active',
        serialNumber: number,
        deviceName: [{ name: `${village}村医健康一体机（虚构）`, type: 'user-friendly-name' }],
        owner: { reference: `Organization/${clinic.id}` },
        note: [{ text: '血压、血糖、血氧、心电（虚构）' }],
      };
    });
}
