// The twelve domains of the reform in the order of the catalogue, by the folder of their programmes.
import type { Text } from '@yimai/kit';

export const DOMAINS: ReadonlyMap<string, Text> = new Map([
  ['gov', { zh: '治理、责任与改革任务', en: 'Governance, responsibility and reform tasks' }],
  ['fund', { zh: '医保支付与资金统筹', en: 'Insurance payment and pooled funds' }],
  ['ops', { zh: '运营、价格与药械设备', en: 'Operations, prices, drugs and equipment' }],
  ['hr', { zh: '人才下沉与人事薪酬', en: 'Workforce flow, posts and pay' }],
  ['net', { zh: '分级诊疗与资源共享', en: 'Tiered care and shared resources' }],
  ['pop', { zh: '慢病、筛查与医防融合', en: 'Chronic disease, screening, prevention' }],
  ['care', { zh: '一老一小与重点人群照护', en: 'The old, the young and groups in need' }],
  ['insp', { zh: '卫生监督一网统管', en: 'Health supervision in one network' }],
  ['emg', { zh: '急救、应急与平战结合', en: 'Emergency care and readiness' }],
  ['exp', { zh: '就医体验与便民服务', en: 'Patient experience and convenience' }],
  ['qual', { zh: '质量、学科与专科服务', en: 'Quality and specialties' }],
  ['data', { zh: '数据平台、指标与跨境协同', en: 'Data platform and indicators' }],
]);

export const domainName = (domain: string): Text => DOMAINS.get(domain) ?? { zh: domain, en: domain };
