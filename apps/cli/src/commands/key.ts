// `yimai key`: the keys of encrypted fields: which there are, and a new one.
import { setTimeout as sleep } from 'node:timers/promises';
import { KEYS_LOOKED_AT_MS, makeFields, openKeyring, reencryptAll, rotateKeys } from '@yimai/record';
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
    if (act !== 'list' && act !== 'rotate')
      throw usage('key', { zh: `没有“${act}”这个动作`, en: `unknown act "${act}"` });
    await inHouse(given, io, async ({ database, dataDir }) => {
      const keyFile = keyFileOf(dataDir);
      const ring = act === 'rotate' ? rotateKeys(keyFile) : openKeyring(keyFile);
      let changed = 0;
      if (act === 'rotate') {
        // A running server has taken up the new key by then: nothing is closed under the old one behind our back.
        await sleep(KEYS_LOOKED_AT_MS * 1.5);
        ({ changed } = await reencryptAll(database, makeFields(ring), (done) =>
          io.say({ zh: `已重新加密 ${done} 行`, en: `${done} rows encrypted again` }),
        ));
      }
      await io.result({
        file: keyFile,
        current: ring.current,
        keys: ring.keyIds,
        ...(act === 'rotate' ? { changed } : {}),
      });
    });
    if (act === 'rotate')
      io.say({
        zh: '正在运行的 serve 已自动改用新密钥；请另存密钥文件的新副本',
        en: 'a running serve uses the new key by itself; keep a new copy of the key file',
      });
    return EXIT.done;
  },
};
