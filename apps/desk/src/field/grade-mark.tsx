// A grade in colour, shape and word together.
import { useSay } from '../app/preferences.tsx';
import type { GradeMark } from '../contract.ts';
import { useFieldWords } from './words.ts';

export function Grade({
  grade,
  quiet = false,
}: {
  readonly grade: GradeMark | null;
  readonly quiet?: boolean;
}) {
  const say = useSay();
  const words = useFieldWords();
  if (grade === null) return quiet ? null : <span className="muted">{words.noGrade}</span>;
  return <span className={`tier ${grade.colour ?? ''}`}>{say(grade.name)}</span>;
}
