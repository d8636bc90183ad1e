// Reads the extensions of questionnaire items that forms understands, by the last part of their URL.
import type { Extension, QuestionnaireItem } from '@medplum/fhirtypes';

export function extensionsOf(item: { extension?: Extension[] }, name: string): Extension[] {
  return (item.extension ?? []).filter((one) => one.url.endsWith(`/${name}`));
}

export const extensionOf = (item: { extension?: Extension[] }, name: string): Extension | undefined =>
  extensionsOf(item, name)[0];

export const extensionInteger = (item: QuestionnaireItem, name: string): number | undefined =>
  extensionOf(item, name)?.valueInteger;
