// `yimai token`: a bearer token for scripts on this machine.
import { must } from '@yimai/kit';
import { SCRIPT_LOGIN } from '@yimai/record';
import { type Command, EXIT } from '../command.ts';
import { inHouse } from '../house.ts';

export const token: Command = {
  name: 'token',
  summary: { zh: '为本机脚本发一个访问令牌', en: 'a bearer token for scripts on this machine' },
  options: {
    user: {
      type: 'string',
      value: 'NAME',
      help: { zh: '以哪个用户；默认本机脚本', en: 'as which user; default the script user' },
    },
  },
  async run(given, io) {
    const login = given.text('user') ?? SCRIPT_LOGIN;
    const opened = await inHouse(given, io, (house) => house.accounts.localToken(login, house.clock.now()));
    const { token: text, expires } = must(opened);
    await io.result({ token: text, user: login, expires: expires.toISOString() });
    return EXIT.done;
  },
};
