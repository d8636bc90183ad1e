// The page on which a person signs in for another system of the county: plain, without scripts, in both languages.
import type { Text } from '@yimai/kit';

export function signInPage(uid: string, refused: Text | null): string {
  const message = refused
    ? `<p role="alert">▲ ${escapeText(refused.zh)} / ${escapeText(refused.en)}</p>`
    : '';
  return `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>登录一脉 · Sign in to Yimai</title>
<style>body{font:16px/1.6 "PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;background:#f6f7f5;color:#1b2426;
display:grid;place-items:center;min-height:100vh;margin:0}form{background:#fff;padding:32px;width:min(320px,86vw);border:1px solid #dde3e0;
border-radius:6px}label{display:block;margin:12px 0 4px}input{width:100%;box-sizing:border-box;font:inherit;padding:8px;border:1px solid #5c6b6e;
border-radius:6px}button{margin-top:20px;width:100%;font:inherit;padding:10px;border:0;border-radius:6px;background:#0b6e5a;color:#fff}
[role=alert]{color:#b3261e}</style>
<form method="post" action="/oidc-sign-in/${encodeURIComponent(uid)}" autocomplete="on"><h1>一脉 Yimai</h1>${message}
<label for="login">登录名 / Login</label><input id="login" name="login" required autofocus autocomplete="username">
<label for="password">密码 / Password</label><input id="password" name="password" type="password" required autocomplete="current-password">
<label for="totp">动态口令（如已启用）/ Code, if enrolled</label><input id="totp" name="totp" inputmode="numeric" autocomplete="one-time-code">
<button>登录 / Sign in</button></form></html>`;
}

export function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
