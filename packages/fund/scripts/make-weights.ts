// Makes the demonstration weight tables of the shipped rule sets: a plain formula over the code, the same every time.
//
//   node packages/fund/scripts/make-weights.ts
//
// No region's published table is used. Second letter A-J (surgical) weighs more than K-Q (procedures) and R-Z (medical); the
// last character tells the complications (1 MCC, 3 CC, 5 none, 9 not divided). A region replaces the file by its own table.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadScheme } from '@yimai/grouping';
import { assert } from '@yimai/kit';

const SETS = [
  { folder: 'rate-city/2026', scheme: 'chs_drg_11' },
  { folder: 'point-city/2026', scheme: 'zhejiang_2022' },
  { folder: 'consortium-county/2026', scheme: 'guangxi_2022' },
];
const BY_KIND = { surgical: 14_000, procedure: 10_000, medical: 6_500 };
const BY_COMPLICATION: Readonly<Record<string, number>> = {
  '0': 80,
  '1': 150,
  '3': 115,
  '5': 85,
  '7': 60,
  '9': 100,
};

for (const { folder, scheme } of SETS) {
  const loaded = loadScheme(scheme);
  assert(loaded.ok, `scheme ${scheme} is shipped`);
  const drgs = loaded.value.rules.mdcs
    .flatMap((mdc) => mdc.steps)
    .flatMap((step) => (step.kind === 'adrg' ? step.drgs.map(({ drg }) => drg) : []));
  const lines = [...new Set(drgs)].sort().map((drg) => `${drg}\t${weightOf(drg)}`);
  const head =
    '# 演示权重（按组码推算，非任何地区公布值） Demonstration weights, computed from the code; no region published them.\n';
  const path = fileURLToPath(new URL(`../../../rules/fund/${folder}/weights.tsv`, import.meta.url));
  writeFileSync(path, `${head}${lines.join('\n')}\n`);
}

function weightOf(drg: string): string {
  const letter = drg[1]!;
  const kind = letter <= 'J' ? 'surgical' : letter <= 'Q' ? 'procedure' : 'medical';
  const transplant = drg[0] === 'A' ? 4 : 1;
  const spread = 70 + ((drg.charCodeAt(0) * 7 + drg.charCodeAt(1) * 13 + drg.charCodeAt(2) * 29) % 61);
  const weightE4 = Math.round(
    (BY_KIND[kind] * transplant * spread * (BY_COMPLICATION[drg[3] ?? '9'] ?? 100)) / 10_000,
  );
  return (weightE4 / 10_000).toFixed(4);
}
