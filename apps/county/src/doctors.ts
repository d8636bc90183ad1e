// Who does the work: the same doctor for the same visit or stay, whenever the county is played.
import type { Admission } from './stays.ts';

const DEPARTMENTS = ['internal', 'surgery', 'cardiology', 'obstetrics', 'paediatrics', 'emergency'];
/** Doctors of a county house: the first eight lead, the others assist; see `people`. */
const LEADING = 8;
const DOCTORS = 24;
const OWN_SEATS: Readonly<Record<string, string>> = {
  'clinic-1-1': 'staff-village',
  'clinic-2-1': 'staff-village-two',
};

/** The village doctor of a clinic, as the Practitioner's id. */
export const villageDoctorAt = (clinic: string): string => OWN_SEATS[clinic] ?? `village-doctor-${clinic}`;

/** The doctor of a visit; null in a village, whose doctors are paid by health management, and outside the county. */
export function doctorOfVisit(org: string, costFen: bigint): string | null {
  if (org.startsWith('township-')) {
    const nth = Number(costFen % (org === 'township-1' ? 5n : 4n));
    return nth === 4 ? 'staff-township-doctor' : `doctor-${org}-${nth + 1}`;
  }
  return houseOf(org) === null ? null : doctorOf(org, Number(costFen % BigInt(DOCTORS)));
}

const houseOf = (org: string): string | null =>
  ['county-hospital', 'tcm-hospital', 'maternal-hospital'].find((house) => org.startsWith(house)) ?? null;

function doctorOf(org: string, luck: number): string {
  const house = houseOf(org)!;
  const place = Math.max(0, DEPARTMENTS.indexOf(org.slice(house.length + 1)));
  if (house !== 'county-hospital') return `doctor-${house}-${1 + luck}`;
  if (place === 0 && luck % 4 === 0) return 'staff-doctor';
  return `doctor-${house}-${1 + place + DEPARTMENTS.length * (luck % 4)}`;
}

export interface StayDoctors {
  readonly responsible: string;
  readonly assisting: string;
}

/** One responsible doctor and one who assists; null outside the county. */
export function doctorsOfStay({ hospital, reason, costFen }: Admission): StayDoctors | null {
  const place = Math.max(0, DEPARTMENTS.indexOf(reason.department));
  if (hospital.startsWith('township-'))
    return {
      responsible: `doctor-${hospital}-1`,
      assisting: `doctor-${hospital}-${2 + Number(costFen % 3n)}`,
    };
  if (houseOf(hospital) === null) return null;
  const assisting = `doctor-${hospital}-${1 + LEADING + ((place * 2 + Number(costFen % 2n)) % (DOCTORS - LEADING))}`;
  if (hospital === 'county-hospital' && place === 0 && costFen % 3n === 0n)
    return { responsible: 'staff-doctor', assisting };
  return { responsible: `doctor-${hospital}-${1 + (place % LEADING)}`, assisting };
}
