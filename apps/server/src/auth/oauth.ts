// SMART Backend Services: the token endpoint for API clients and the document that tells where it is.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { FHIR_BASE } from '../fhir/http.ts';
import type { ServerDeps } from '../http/deps.ts';

export function mountOauth(app: FastifyInstance, deps: ServerDeps): void {
  const origin = (request: FastifyRequest) => deps.publicUrl ?? `${request.protocol}://${request.host}`;
  const configuration = (request: FastifyRequest) => ({
    issuer: origin(request),
    token_endpoint: `${origin(request)}/oauth/token`,
    token_endpoint_auth_methods_supported: ['private_key_jwt'],
    token_endpoint_auth_signing_alg_values_supported: ['RS384', 'ES384'],
    grant_types_supported: ['client_credentials'],
    scopes_supported: ['system/*.read', 'system/*.write', 'system/*.rs', 'system/*.cruds'],
    capabilities: ['client-confidential-asymmetric', 'permission-v1', 'permission-v2'],
  });
  app.get(`${FHIR_BASE}/.well-known/smart-configuration`, async (request) => configuration(request));
  app.get('/.well-known/smart-configuration', async (request) => configuration(request));
  void app.register(async (oauth) => {
    oauth.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: 20_000 },
      (_request, body, done) => done(null, new URLSearchParams(body as string)),
    );
    oauth.post('/oauth/token', async (request, reply) => {
      const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
      const grant = {
        grantType: form.get('grant_type') ?? '',
        assertionType: form.get('client_assertion_type') ?? '',
        assertion: form.get('client_assertion') ?? '',
        scope: form.get('scope') ?? '',
      };
      const now = deps.clock.now();
      const token = await deps.accounts.clientToken(grant, `${origin(request)}/oauth/token`, now);
      if (!token.ok) {
        // RFC 6749 §5.2 fixes the shape of this refusal.
        const { code, detail } = token.refusal;
        return reply
          .code(code === 'invalid_client' ? 401 : 400)
          .send({ error: code, ...(detail ? { error_description: detail.en } : {}) });
      }
      return {
        access_token: token.value.token,
        token_type: 'bearer',
        expires_in: Math.floor((token.value.expires.getTime() - now.getTime()) / 1000),
        scope: token.value.scopes.join(' '),
      };
    });
  });
}
