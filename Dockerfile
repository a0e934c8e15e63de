# Contacts CRM in a container: the browser client, the server, and nothing else.
#
#   docker build -t contacts .
#   docker run -p 8080:8080 -v contacts:/data contacts
#   docker run --network host -v contacts:/data contacts serve --host 127.0.0.1 --auth dev --sandbox
#
# The process runs as user 10001, writes to /data only (the root file system may be read-only) and
# stops within 10 s of SIGTERM. Without --auth dev people sign in; where there are none, it prints a
# link that makes the first one. See README.md for its settings.

ARG DEBIAN=docker.io/library/debian:bookworm-slim

# --- Tools and third-party sources: changes rarely, so it stays cached ---------------------------
FROM ${DEBIAN} AS tools
WORKDIR /src
ENV CONTACTS_CACHE=/cache
COPY packages.txt setup fetch ./
RUN ./setup run && rm -rf /var/lib/apt/lists/* /var/cache/apt/*

# --- client.wasm ---------------------------------------------------------------------------------
FROM tools AS client
COPY CMakeLists.txt CMakePresets.json ./
COPY shared shared
COPY client-wasm client-wasm
COPY web web
RUN cmake --preset wasm --log-level=WARNING && cmake --build build/wasm --target web

# --- The server ----------------------------------------------------------------------------------
FROM tools AS server
COPY CMakeLists.txt CMakePresets.json ./
COPY shared shared
COPY server server
RUN cmake --preset release --log-level=WARNING \
    && cmake --build build/release --target contacts-server \
    && strip build/release/server/contacts-server

# --- What runs -----------------------------------------------------------------------------------
FROM ${DEBIAN}
LABEL org.opencontainers.image.title="Contacts CRM" \
      org.opencontainers.image.description="One address book, the same in the app, HubSpot and Pipedrive"
RUN apt-get update -qq \
    && apt-get install -qq -y --no-install-recommends ca-certificates libargon2-1 libphonenumber8 libsqlite3-0 libssl3 zlib1g \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/dpkg.log /var/log/apt \
    && groupadd --gid 10001 contacts \
    && useradd --uid 10001 --gid 10001 --no-create-home --shell /usr/sbin/nologin contacts \
    && install -d -o 10001 -g 10001 -m 0750 /data
COPY --from=server /src/build/release/server/contacts-server /usr/local/bin/contacts-server
COPY --from=client /src/build/wasm/web /usr/local/share/contacts/web
ENV CONTACTS_HOST=0.0.0.0 \
    CONTACTS_PORT=8080 \
    CONTACTS_DATA=/data \
    CONTACTS_WEB=/usr/local/share/contacts/web
USER 10001:10001
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
# bash speaks TCP by itself, so no client has to be installed for the question.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/${CONTACTS_PORT} && printf 'GET /api/health HTTP/1.0\\r\\nHost: 127.0.0.1\\r\\n\\r\\n' >&3 && read -r -t 4 status <&3 && [[ $status == *' 200 '* ]]"]
ENTRYPOINT ["contacts-server"]
CMD ["serve"]
