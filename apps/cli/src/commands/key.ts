// `yimai key`: the keys of encrypted fields: which there are, and a new one.
import { makeFields, openKeyring, reencryptAll, rotateKeys } from '@yimai/record';
import { type Command, EXIT, usage } from '../command.ts';
import { inHouse, keyFileOf } from '../house.ts';

export const key: Command = {
  name: 'key',
  words: 'list | rotate',
  wordsMin: 1,
  wordsMax: 1,
  summary: { zh: '加密密钥：查看、轮换', en: 'keys of encrypted fields: list, rotate' },
  async run(given, io) {
    const [act] = given.words;
    if (act !== 'list' && act !== 'rotate') throw usage('key', `unknown act "${act}"`);
    await inHouse(given, io, async ({ database, dataDir }) => {
      const keyFile = keyFileOf(dataDir);
      const ring = act === 'rotate' ? rotateKeys(keyFile) : openKeyring(keyFile);
      let changed = 0;
      if (act === 'rotate')
        ({ changed } = await reencryptAll(database, makeFields(ring), (done) =>
          io.say({ zh: `已重新加密 ${done} 行`, en: `${done} rows encrypted again` }),
        ));
      await io.result({
        file: keyFile,
        current: ring.current,
        keys: ring.keyIds,
        ...(act === 'rotate' ? { changed } : {}),
      });
    });
    if (act === 'rotate')
      io.say({
        zh: '请重启正在运行的 serve，使其读到新密钥',
        en: 'restart a running serve, so that it reads the new key',
      });
    return EXIT.done;
  },
};
