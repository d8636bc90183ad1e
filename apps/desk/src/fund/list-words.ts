// The words of the import of settlement lists in both languages.
export const listZh = {
  lists: '结算清单导入',
  listsText:
    'CSV、XLSX 或 JSON 行；先核对，每个问题指明行和列。有错误的文件一行也不导入，除非您选择只导入正确的行；同一清单不会导入两次。',
  template: '下载模板',
  drop: '把文件拖到这里，或点按选择（CSV、XLSX 或 JSONL，1 GB 以内）',
  reading: '正在核对',
  report: (rows: number, good: number, bad: number) => `${rows} 行：${good} 行正确，${bad} 行有错误`,
  warningsCount: (n: number) => `${n} 处提醒，不影响导入`,
  importAll: '导入全部',
  importGood: (n: number) => `只导入正确的 ${n} 行`,
  imported: (n: number, left: number) => `已导入 ${n} 份清单${left > 0 ? `，留下 ${left} 行` : ''}`,
  fileRow: '行',
  column: '列',
  written: '写的是',
  problem: '问题',
  severities: { error: '错误', warning: '提醒' } as Readonly<Record<string, string>>,
  missingColumns: (names: string) => `缺少列：${names}`,
  moreProblems: (n: number) => `另有 ${n} 处，修改后再核对`,
  another: '再导入一个文件',
  unfinished: (at: string) =>
    `${at} 开始的文件导入中断：其中的清单均未计入。再传同一文件可接着导入；放弃后可用别的文件导入。`,
  dropFile: '放弃',
  fileDropped: '已放弃该次导入',
};

export const listEn: typeof listZh = {
  lists: 'Import settlement lists',
  listsText:
    'CSV, XLSX or JSON lines; checked first, each problem by row and column. A file with errors imports nothing unless you choose the good rows; no list comes in twice.',
  template: 'Template',
  drop: 'Drop a file here, or press to choose (CSV, XLSX or JSON lines, up to 1 GB)',
  reading: 'Checking',
  report: (rows, good, bad) => `${rows} rows: ${good} good, ${bad} with errors`,
  warningsCount: (n) => `${n} warnings that do not stop the import`,
  importAll: 'Import all',
  importGood: (n) => `Import only the ${n} good rows`,
  imported: (n, left) => `${n} lists imported${left > 0 ? `, ${left} rows left out` : ''}`,
  fileRow: 'Row',
  column: 'Column',
  written: 'Written',
  problem: 'Problem',
  severities: { error: 'error', warning: 'warning' },
  missingColumns: (names) => `Columns missing: ${names}`,
  moreProblems: (n) => `${n} more; mend these and check again`,
  another: 'Import another file',
  unfinished: (at) =>
    `The import of a file begun at ${at} stopped half-way: none of its lists counts. The same file goes on with it; once given up, another file may bring them.`,
  dropFile: 'Give up',
  fileDropped: 'The import was given up',
};
