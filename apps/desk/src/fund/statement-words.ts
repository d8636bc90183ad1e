// The words of statements in both languages.
export const statementZh = {
  statement: '医保住院结算单',
  draft: '预结算尚未做：以下为当前计算，未记账',
  postedAt: '记账时间',
  command: '指令',
  deposit: '质量保证金',
  paid: '本月拨付',
  held: '年度清算',
  addsUp: '明细与合计相符',
  addsNot: '明细与合计不符，请核对',
  print: '打印',
  xlsx: '导出 XLSX',
  noStatement: '该月没有结算',
  signs: ['经办人', '复核人', '医疗机构', '日期'],
};

export const statementEn: typeof statementZh = {
  statement: 'Inpatient settlement statement',
  draft: 'Not settled yet: what follows is the present calculation, not posted',
  postedAt: 'Posted at',
  command: 'Command',
  deposit: 'Quality deposit',
  paid: 'Paid this month',
  held: 'Held for clearing',
  addsUp: 'The lines add up to the totals',
  addsNot: 'The lines do not add up: please check',
  print: 'Print',
  xlsx: 'Export XLSX',
  noStatement: 'Nothing was settled in this month',
  signs: ['Prepared by', 'Checked by', 'Hospital', 'Date'],
};
