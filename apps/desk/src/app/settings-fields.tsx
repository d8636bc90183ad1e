// The choices of this device as rows of small buttons.
import { useTranslation } from 'react-i18next';
import { type Preferences, usePreferences } from './preferences.tsx';

const QUIET_FIRST = { from: 20, to: 7 };

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
      <label className="check">
        <input
          type="checkbox"
          checked={preferences.quiet !== null}
          onChange={(event) => change({ quiet: event.target.checked ? QUIET_FIRST : null })}
        />
        <span>
          {t('shell.quiet')}
          <br />
          <span className="muted small">{t('shell.quietHours', preferences.quiet ?? QUIET_FIRST)}</span>
        </span>
      </label>
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
