// Answers an address that cannot be decoded: it reaches no route, yet who sent it is told in the same form as otherwise.
import { type Refusal, RefusalError } from '@yimai/kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { outcomeOfError, statusOf } from '../fhir/outcome.ts';

const REFUSAL: Refusal = {
  code: 'bad-parameter',
  at: 'URL',
  detail: { zh: '地址编码有误', en: 'the URL is not encoded well' },
};

export function answerMalformedUrl(request: FastifyRequest, reply: FastifyReply): void {
  reply.code(statusOf(REFUSAL));
  if ((request.raw.url ?? '').startsWith('/fhir/'))
    void reply.type('application/fhir+json').send(JSON.stringify(outcomeOfError(new RefusalError(REFUSAL))));
  else void reply.type('application/json').send(JSON.stringify(REFUSAL));
}
