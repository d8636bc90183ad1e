// The choices of this device as rows of small buttons, and the quiet hours that go along to every device.
import { useTranslation } from 'react-i18next';
import { QUIET_FIRST, useDeskSettings } from './desk-settings.ts';
import { type Preferences, usePreferences } from './preferences.tsx';

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

export function SettingsFields() {
  const { t } = useTranslation();
  const { preferences, change } = usePreferences();
  return (
    <div className="settings">
      <Choice
        label={t('shell.language')}
        value={preferences.language}
        options={[
          ['zh', '中文'],
          ['en', 'English'],
        ]}
        onChange={(language) => change({ language })}
      />
      <Choice<Preferences['tone']>
        label={t('shell.theme')}
        value={preferences.tone}
        options={[
          ['system', t('shell.system')],
          ['light', t('shell.light')],
          ['dark', t('shell.dark')],
        ]}
        onChange={(tone) => change({ tone })}
      />
      <Choice<Preferences['type']>
        label={t('shell.type')}
        value={preferences.type}
        options={[
          ['normal', t('shell.typeNormal')],
          ['large', t('shell.typeLarge')],
        ]}
        onChange={(type) => change({ type })}
      />
      <Choice<Preferences['density']>
        label={t('shell.density')}
        value={preferences.density}
        options={[
          ['comfortable', t('shell.comfortable')],
          ['compact', t('shell.compact')],
        ]}
        onChange={(density) => change({ density })}
      />
      <QuietHours />
    </div>
  );
}

/** Between the two hours only critical notices pop up. */
function QuietHours() {
  const { t } = useTranslation();
  const { settings, change } = useDeskSettings();
  const { quiet = QUIET_FIRST } = settings;
  const hour = (which: 'from' | 'to') => (
    <select
      className="input"
      aria-label={`${t('shell.quiet')} ${which === 'from' ? '→' : '←'}`}
      value={(quiet ?? QUIET_FIRST)[which]}
      disabled={quiet === null}
      onChange={(event) =>
        change({ quiet: { ...(quiet ?? QUIET_FIRST), [which]: Number(event.target.value) } })
      }
    >
      {HOURS.map((each) => (
        <option key={each} value={each}>
          {String(each).padStart(2, '0')}:00
        </option>
      ))}
    </select>
  );
  return (
    <div className="stack tight">
      <label className="check">
        <input
          type="checkbox"
          checked={quiet !== null}
          onChange={(event) => change({ quiet: event.target.checked ? QUIET_FIRST : null })}
        />
        <span>
          {t('shell.quiet')}
          <br />
          <span className="muted small">{t('shell.quietHours', quiet ?? QUIET_FIRST)}</span>
        </span>
      </label>
      <span className="row">
        {hour('from')} – {hour('to')}
      </span>
    </div>
  );
}

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly (readonly [T, string])[];
  readonly onChange: (value: T) => void;
}

function Choice<T extends string>({ label, value, options, onChange }: ChoiceProps<T>) {
  return (
    <fieldset className="choice">
      <legend>{label}</legend>
      <div className="choice-row">
        {options.map(([option, word]) => (
          <button key={option} type="button" aria-pressed={option === value} onClick={() => onChange(option)}>
            {word}
          </button>
        ))}
      </div>
    </fieldset>
  );
}
