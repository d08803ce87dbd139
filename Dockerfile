# The image brings Node 24 itself, so the `node` package stays without its binary and no script of a package runs
# unasked: only ssh2's native ciphers are built, by name, where there is a compiler.
FROM node:24-bookworm-slim AS build
RUN apt-get update \
  && apt-get install -y --no-install-recommends g++ make python3 \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts --no-audit \
  && npm rebuild ssh2 cpu-features --nodedir=/usr/local \
  && node -e "require('./node_modules/ssh2/lib/protocol/crypto/build/Release/sshcrypto.node')"
COPY scripts/build-ui.mjs scripts/
COPY web web
RUN node scripts/build-ui.mjs

FROM node:24-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY LICENSE package.json package-lock.json ./
COPY bin bin
COPY src src
COPY scripts/build-ui.mjs scripts/
COPY --from=build /app/web web
COPY --from=build /app/node_modules node_modules
RUN install -d -o node -g node -m 0700 /data
USER node
VOLUME /data
EXPOSE 8443 2222 5433
ENTRYPOINT ["node", "bin/sallyport.mjs"]
CMD ["start", "--no-demo", "--data", "/data"]
