// How the desk becomes files: one small first load, a chunk for each page, charts and date pickers only where used.
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** kit makes its ids with node:crypto; in the browser the same ids come from Web Crypto. */
function browserIds(): Plugin {
  return {
    name: 'browser-ids',
    enforce: 'pre',
    resolveId(source, importer) {
      const fromKit = importer?.replaceAll('\\', '/').includes('/packages/kit/src/');
      return source === './uuid.ts' && fromKit ? here('./src/api/uuid.ts') : null;
    },
  };
}

export default defineConfig({
  root: here('.'),
  plugins: [browserIds(), react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 2000,
    rolldownOptions: {
      output: {
        // One file for what every page needs and that changes only with the libraries, so that it stays in the cache.
        codeSplitting: {
          groups: [
            {
              name: 'frame',
              test: /node_modules\/(react|react-dom|scheduler|react-i18next|i18next|@tanstack|use-sync-external-store)\//,
            },
            { name: 'components', test: /node_modules\/(antd|@ant-design|@rc-component|rc-[a-z-]+|dayjs)\// },
          ],
        },
      },
    },
  },
  server: {
    host: '127.0.0.1',
    proxy: Object.fromEntries(
      ['/auth', '/desk', '/fhir', '/commands', '/live'].map((path) => [path, 'http://127.0.0.1:8720']),
    ),
  },
});
