// Rule sets write a disease as `乳腺癌 breast cancer`; each language shows its own part.
import { useSay } from '../app/preferences.tsx';

export function useDiseaseName(): (disease: string) => string {
  const say = useSay();
  return (disease) => {
    const parts = /^(.*\p{Script=Han})\s+(.+)$/u.exec(disease);
    return parts === null ? disease : say({ zh: parts[1]!, en: parts[2]! });
  };
}
