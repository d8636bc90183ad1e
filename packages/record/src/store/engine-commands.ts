// What each engine's resources are changed by: the commands that a refused FHIR write is pointed to.

/** By the engine's name; each is a command of POST /commands. */
export const ENGINE_COMMANDS: Readonly<Record<string, readonly string[]>> = {
  loop: ['loop.open', 'loop.act'],
  agreement: ['agreement.draft', 'agreement.sign', 'agreement.fulfil', 'agreement.exercise', 'agreement.end'],
  settlement: ['settlement.run', 'settlement.adjust', 'settlement-list.import', 'budget.adopt'],
  'settlement-list-batch': ['settlement-list.begin', 'settlement-list.import', 'settlement-list.finish'],
  pay: ['pay.freeze', 'pay.appeal', 'pay.answer'],
  'operating-budget': [
    'operating-budget.draft',
    'operating-budget.decide',
    'operating-budget.adjust',
    'operating-budget.spend',
  ],
  warnings: ['warning.acknowledge'],
  prices: ['prices.release'],
  rules: ['rules.propose', 'loop.act'],
  measure: ['measure.freeze', 'measure.restate'],
  tree: ['task.report', 'task.close'],
  stock: ['stock.receive', 'stock.issue'],
  pool: ['pool.unit', 'pool.book', 'pool.confirm', 'pool.release'],
  form: ['loop.act', 'survey.answer'],
  recurring: ['recurring.generate', 'recurring.done'],
  draw: ['draw.make'],
  entitlement: ['entitlement.ask'],
  register: ['register.put', 'register.add', 'register.end', 'register.import'],
  access: ['break-glass.open'],
  desk: ['case.message'],
};

/** The words of a refusal for what `engine` owns, without the resource type. */
export function commandWords(engine: string): { readonly zh: string; readonly en: string } {
  const commands = ENGINE_COMMANDS[engine];
  if (commands)
    return {
      zh: `由“${engine}”引擎管理，不能用 FHIR 写入；请用命令 POST /commands（${commands.join('、')}）`,
      en: `is owned by the ${engine} engine and closed to FHIR writing; use POST /commands (${commands.join(', ')})`,
    };
  if (engine === 'audit')
    return {
      zh: '由系统自动写入，不能用 FHIR 写入；审计随命令写下：请用命令 POST /commands（如 loop.act）',
      en: 'is written by the product itself and closed to FHIR writing; each command leaves its own: use POST /commands (loop.act and others)',
    };
  if (engine === 'figure-table')
    return {
      zh: '由“figure-table”引擎管理，不能用 FHIR 写入；请在工作台“自定义表”中修改（POST /desk/tables/[id]）',
      en: 'is owned by the figure-table engine and closed to FHIR writing; change it at the desk (POST /desk/tables/[id])',
    };
  return {
    zh: `由“${engine}”引擎管理，不能用 FHIR 写入；请用命令 POST /commands`,
    en: `is owned by the ${engine} engine and closed to FHIR writing; use POST /commands`,
  };
}
