// Dresses the component library in the tokens of the desk; loaded only with the pages that use its components.
import ConfigProvider from 'antd/es/config-provider';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import { type ReactNode, useMemo } from 'react';
import { usePreferences } from '../app/preferences.tsx';
import { usePhone } from './phone.ts';
import { COLOURS, FONT } from './tokens.ts';
import 'dayjs/locale/zh-cn';

export function ComponentTheme({ children }: { readonly children: ReactNode }) {
  const { preferences, tone } = usePreferences();
  const phone = usePhone();
  const large = preferences.type === 'large';
  const theme = useMemo(() => {
    const colours = COLOURS[tone];
    return {
      token: {
        colorPrimary: colours.accent,
        colorInfo: colours.accent,
        colorError: colours.late,
        colorWarning: colours.soon,
        colorSuccess: colours.done,
        colorText: colours.ink,
        colorTextPlaceholder: colours.muted,
        colorTextDescription: colours.muted,
        colorTextQuaternary: colours.muted,
        colorBgContainer: colours.surface,
        colorBgElevated: colours.raised,
        colorBgLayout: colours.ground,
        colorBorder: colours.lineStrong,
        colorSplit: colours.line,
        controlItemBgHover: colours.sunken,
        controlItemBgActive: colours.accentSoft,
        colorTextLightSolid: colours.onAccent,
        fontFamily: FONT,
        fontSize: large ? 20 : phone ? 16 : 14,
        controlHeight: large || phone ? 48 : 36,
        borderRadius: 6,
        // The components wait for the end of a motion, so where motion is unwanted they are told to have none.
        motion: !matchMedia('(prefers-reduced-motion: reduce)').matches,
        motionDurationMid: '0.1s',
        motionDurationSlow: '0.12s',
      },
    };
  }, [tone, large, phone]);
  return (
    <ConfigProvider locale={preferences.language === 'zh' ? zhCN : enUS} theme={theme}>
      {children}
    </ConfigProvider>
  );
}
