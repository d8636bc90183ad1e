// The words of adopting rules, in both languages.
import { usePreferences } from '../app/preferences.tsx';

const zh = {
  from: '生效月份',
  reason: '理由',
  propose: '提出调整',
  proposed: '调整已提出，待另一人确认',
  proposeText: '由另一人确认后才生效；已结算的月份仍用当时的规则，各版本都保留。',
  versions: '调整与版本',
  version: '版本',
  changes: '改动',
  by: '提出与确认',
  state: '状态',
  states: { proposed: '待确认', adopted: '已采用', withdrawn: '已撤回' },
  confirm: '确认采用',
  withdraw: '撤回',
  decided: '已处理',
};

type Words = typeof zh;

const en: Words = {
  from: 'In force from',
  reason: 'Reason',
  propose: 'Propose',
  proposed: 'Proposed; another person has to confirm',
  proposeText:
    'In force once another person confirms; settled months keep their rules, every version is kept.',
  versions: 'Changes and versions',
  version: 'Version',
  changes: 'Changes',
  by: 'Proposed and confirmed by',
  state: 'State',
  states: { proposed: 'Waiting', adopted: 'Adopted', withdrawn: 'Withdrawn' },
  confirm: 'Confirm and adopt',
  withdraw: 'Withdraw',
  decided: 'Done',
};

export function useRuleWords(): Words {
  return usePreferences().preferences.language === 'en' ? en : zh;
}
