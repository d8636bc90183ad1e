// `yimai migrate`: brings the schema up to date and reports drift.
import { type Command, EXIT } from '../command.ts';
import { inHouse } from '../house.ts';

export const migrate: Command = {
  name: 'migrate',
  summary: { zh: '升级数据库结构并报告偏差', en: 'bring the schema up to date and report drift' },
  async run(given, io) {
    const report = await inHouse(given, io, async (house) => house.migrations);
    await io.result(report);
    return report.drift.length > 0 ? EXIT.refusals : EXIT.done;
  },
};
