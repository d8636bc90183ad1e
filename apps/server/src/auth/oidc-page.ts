// The page on which a person signs in for another system of the county: plain, without scripts, in both languages.
import type { Text } from '@yimai/kit';

const STYLE = `<style>body{font:16px/1.6 "PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;background:#f6f7f5;color:#1b2426;
display:grid;place-items:center;min-height:100vh;margin:0}form{background:#fff;padding:32px;width:min(320px,86vw);border:1px solid #dde3e0;
border-radius:6px}label{display:block;margin:12px 0 4px}input{width:100%;box-sizing:border-box;font:inherit;padding:8px;border:1px solid #5c6b6e;
border-radius:6px}button{margin-top:20px;width:100%;font:inherit;padding:10px;border:0;border-radius:6px;background:#0b6e5a;color:#fff}
[role=alert]{color:#b3261e}</style>`;

export function signInPage(uid: string, refused: Text | null): string {
  const message = refused
    ? `<p role="alert">▲ ${escapeText(refused.zh)} / ${escapeText(refused.en)}</p>`
    : '';
  return `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>登录一脉 · Sign in to Yimai</title>
${STYLE}
<form method="post" action="/oidc-sign-in/${encodeURIComponent(uid)}" autocomplete="on"><h1>一脉 Yimai</h1>${message}
<label for="login">登录名 / Login</label><input id="login" name="login" required autofocus autocomplete="username">
<label for="password">密码 / Password</label><input id="password" name="password" type="password" required autocomplete="current-password">
<label for="totp">动态口令（如已启用）/ Code, if enrolled</label><input id="totp" name="totp" inputmode="numeric" autocomplete="one-time-code">
<button>登录 / Sign in</button></form></html>`;
}

/** What a person sees when another system sent them with words that the provider does not take; `code` is OAuth's own. */
export function providerPage(code: string): string {
  return `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>一脉 Yimai</title>${STYLE}<form><h1>一脉 Yimai</h1><p role="alert">▲ 对方系统的登录请求不成立，请联系其管理员
/ The sign-in request of the other system is not valid: tell its administrator (${escapeText(code)})</p></form></html>`;
}

/** Signing out at the request of another system: the person agrees, because a link alone must not end a session. */
export function signOutPage(form: string): string {
  return `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>一脉 Yimai</title>${STYLE}${form}<button form="op.logoutForm" name="logout" value="yes">退出登录 / Sign out</button></html>`;
}

export function signedOutPage(): string {
  return `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>一脉 Yimai</title>${STYLE}<form><p>已退出登录 / Signed out</p></form></html>`;
}

export function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
