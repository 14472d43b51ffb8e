# SPDX-License-Identifier: Apache-2.0
# docker build -t sallyport .          docs/install.md says how to run it
FROM debian:12 AS builder
WORKDIR /src
COPY . .
RUN script/bootstrap --build
RUN script/build release
RUN strip build/release/sallyport

FROM debian:12-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates libargon2-1 libboost-json1.81.0 libcurl4 libfmt9 libspdlog1.10-fmt9 libsqlite3-0 libssl3 libstdc++6 libtomlplusplus3 \
 && rm -rf /var/lib/apt/lists/*
RUN useradd --system --user-group --uid 999 --home-dir /var/lib/sallyport --shell /usr/sbin/nologin sallyport \
 && install -d -o sallyport -g sallyport -m 0700 /var/lib/sallyport \
 && install -d -m 0755 /etc/sallyport
COPY --from=builder /src/build/release/sallyport /usr/local/bin/sallyport
USER sallyport
VOLUME /var/lib/sallyport
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=5s CMD ["sh", "-c", "sallyport status | grep -q '^A server is running'"]
ENTRYPOINT ["sallyport"]
CMD ["serve", "--config", "/etc/sallyport/sallyport.toml"]
