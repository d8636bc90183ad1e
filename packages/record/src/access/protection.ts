// What the store is given of this folder, made once from the rules and the key ring.
import type { StoreDeps } from '../store/deps.ts';
import { projectSubscription } from '../subscriptions/state.ts';
import { systemAccess } from './access.ts';
import { makeFields } from './fields.ts';
import type { Keyring } from './keyring.ts';
import { makeLabels } from './labels.ts';
import type { Policy } from './policy.ts';
import { hasProjection, makeAfterWrite } from './projections.ts';

export type Protection = Pick<
  StoreDeps,
  'labelsOf' | 'closeFields' | 'openFields' | 'blind' | 'projects' | 'afterWrite' | 'systemAccess'
>;

export function makeProtection(policy: Policy, keyring: Keyring): Protection {
  const afterWrite = makeAfterWrite(policy);
  const { closeFields, openFields, blind } = makeFields(keyring);
  return {
    labelsOf: makeLabels(policy.kinds),
    closeFields,
    openFields,
    blind,
    projects: (type) => type === 'Subscription' || hasProjection(policy, type),
    async afterWrite(run, writes, access) {
      await afterWrite(run, writes);
      for (const { row, resource } of writes) {
        if (row.type === 'Subscription') await projectSubscription(run, keyring, access, row, resource);
      }
    },
    systemAccess,
  };
}
