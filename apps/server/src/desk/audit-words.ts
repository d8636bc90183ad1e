// What an audit line says to who watches: the act and the kind of thing in words.
import type { Text } from '@yimai/kit';

const ACTS: Readonly<Record<string, Text>> = {
  create: { zh: '新建', en: 'Created' },
  import: { zh: '导入', en: 'Imported' },
  read: { zh: '查看', en: 'Read' },
  vread: { zh: '查看旧版', en: 'Read an old version' },
  history: { zh: '查看历史', en: 'Read the history' },
  search: { zh: '检索到', en: 'Found by a search' },
  export: { zh: '导出', en: 'Exported' },
  update: { zh: '修改', en: 'Changed' },
  patch: { zh: '修改', en: 'Changed' },
  delete: { zh: '删除', en: 'Deleted' },
  rectify: { zh: '更正', en: 'Rectified' },
  run: { zh: '运行', en: 'Ran' },
  'sign-in': { zh: '登录', en: 'Signed in' },
  'sign-out': { zh: '退出', en: 'Signed out' },
  'sign-in-failed': { zh: '登录未成功', en: 'Sign-in failed' },
  'sign-in-locked': { zh: '登录被锁定', en: 'Sign-in locked' },
  'break-glass.open': { zh: '紧急查看', en: 'Emergency look' },
  'break-glass.review': { zh: '复核紧急查看', en: 'Reviewed an emergency look' },
  'loop.open': { zh: '提出事项', en: 'Opened a case' },
  'loop.act': { zh: '办理事项', en: 'Acted on a case' },
  'user.create': { zh: '新增用户', en: 'Created a user' },
  'user.assign-role': { zh: '授予角色', en: 'Gave a role' },
  'user.end-role': { zh: '收回角色', en: 'Took a role back' },
  'user.set-active': { zh: '停用或启用用户', en: 'Switched a user on or off' },
  'user.set-password': { zh: '设置口令', en: 'Set a password' },
  'session.revoke': { zh: '结束登录', en: 'Ended a session' },
  'register.put': { zh: '登记台账', en: 'Entered in a register' },
  'register.import': { zh: '导入台账', en: 'Imported into a register' },
  'case.message': { zh: '留言', en: 'Left a message' },
};

/** Null for an act that only its code names. */
export const actInWords = (word: string): Text | null => ACTS[word] ?? null;

const TYPES: Readonly<Record<string, Text>> = {
  Patient: { zh: '居民', en: 'Resident' },
  Task: { zh: '事项', en: 'Case' },
  Basic: { zh: '台账记录', en: 'Register entry' },
  QuestionnaireResponse: { zh: '表单', en: 'Form' },
  Organization: { zh: '机构', en: 'Organisation' },
  Practitioner: { zh: '人员', en: 'Staff member' },
  PractitionerRole: { zh: '任职', en: 'Post' },
  Encounter: { zh: '就诊', en: 'Visit' },
  Condition: { zh: '诊断', en: 'Diagnosis' },
  Observation: { zh: '检查检验', en: 'Result' },
  DiagnosticReport: { zh: '报告', en: 'Report' },
  ServiceRequest: { zh: '申请', en: 'Request' },
  MedicationRequest: { zh: '用药', en: 'Medicine' },
  Claim: { zh: '费用结算', en: 'Claim' },
  Consent: { zh: '授权同意', en: 'Consent' },
  Communication: { zh: '留言', en: 'Message' },
  Binary: { zh: '附件', en: 'File' },
};

export const typeInWords = (type: string): Text => TYPES[type] ?? { zh: type, en: type };
