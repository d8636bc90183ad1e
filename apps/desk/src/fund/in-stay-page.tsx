// The doctor's own patients in the wards against what their candidate group is paid: those with warnings first.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { post } from '../api/client.ts';
import { usePreferences, useSay } from '../app/preferences.tsx';
import { Blank, Loaded } from '../design/loaded.tsx';
import { State } from '../design/state.tsx';
import { FundPanel, FundTable } from './fund-table.tsx';
import { PayFrame } from './pay-frame.tsx';
import type { OwnStay, OwnStays } from './warnings-contract.ts';

const zh = {
  title: '在院提醒',
  text: '本人主管或参与的在院患者；与候选病组比对，只作提醒，不改变诊疗，也不据此编码。',
  patient: '患者',
  diagnosis: '主要诊断',
  house: '机构',
  admitted: '入院日期',
  days: '住院天数',
  warnings: '提醒',
  quiet: '没有提醒',
  none: '没有在院患者',
  noneText: '医院接口送来在院患者和当前费用后，这里显示本人的患者。',
};
type Words = typeof zh;
const en: Words = {
  title: 'My patients in the wards',
  text: 'Patients whom you treat, against their candidate group. A reminder only: it changes no treatment and codes nothing.',
  patient: 'Patient',
  diagnosis: 'Principal diagnosis',
  house: 'House',
  admitted: 'Admitted',
  days: 'Days',
  warnings: 'Warnings',
  quiet: 'Nothing to warn of',
  none: 'No patients in the wards',
  noneText:
    "Your patients appear here once the hospital's interface sends stays with what they have cost so far.",
};

export function InStayPage() {
  const words = usePreferences().preferences.language === 'en' ? en : zh;
  const say = useSay();
  const query = useQuery({
    queryKey: ['pay', 'in-stay'],
    queryFn: ({ signal }) => post<OwnStays>('/desk/pay/in-stay', {}, signal),
  });
  return (
    <PayFrame title={words.title} text={words.text}>
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <Blank title={words.none}>
              <p>{words.noneText}</p>
            </Blank>
          ) : (
            <FundPanel title={words.title}>
              <FundTable<OwnStay>
                label={words.title}
                rows={items}
                keyOf={({ patient, admittedOn }, index) => `${patient} ${admittedOn} ${index}`}
                columns={[
                  { head: words.patient, cell: (one) => <Patient one={one} />, kind: 'nowrap' },
                  { head: words.diagnosis, cell: ({ diagnosis }) => diagnosis || '—', kind: 'name' },
                  { head: words.house, cell: ({ house }) => house.name, kind: 'name' },
                  { head: words.admitted, cell: ({ admittedOn }) => admittedOn, kind: 'nowrap' },
                  { head: words.days, cell: ({ days }) => days, kind: 'number' },
                  {
                    head: words.warnings,
                    kind: 'name',
                    cell: ({ warnings }) =>
                      warnings.length === 0 ? (
                        <State kind="done" word={words.quiet} />
                      ) : (
                        <span className="stack tight">
                          {warnings.map(({ code, text }) => (
                            <State key={code} kind="due-soon" word={say(text)} />
                          ))}
                        </span>
                      ),
                  },
                ]}
              />
            </FundPanel>
          )
        }
      </Loaded>
    </PayFrame>
  );
}

function Patient({ one: { patient, name } }: { readonly one: OwnStay }) {
  if (patient === null) return '—';
  return (
    <Link to="/residents/$residentId" params={{ residentId: patient }}>
      {name ?? patient}
    </Link>
  );
}
