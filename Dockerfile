# The service in one image: every role is a command of it. Videos are mounted, the small demo model is inside.
FROM maven:3.9-eclipse-temurin-17 AS build
WORKDIR /build
COPY . .
RUN --mount=type=cache,target=/root/.m2 mvn -q -B -pl cli -am -DskipTests package

FROM eclipse-temurin:17-jre
RUN useradd --system --create-home --home-dir /home/saccade --uid 10001 saccade \
    && mkdir /data && chown saccade /data
WORKDIR /opt/saccade
COPY --from=build /build/cli/target/lib lib
COPY demo demo
COPY saccade LICENSE ./
# PyTorch's libraries unpacked and the JVM's class archive, for quick starts; the service runs without them too.
ENV DJL_CACHE_DIR=/opt/saccade/cache
RUN SACCADE_JAVA_OPTS=-XX:ArchiveClassesAtExit=/opt/saccade/lib/saccade.jsa ./saccade warm-up || rm -f lib/saccade.jsa; \
    mkdir -p cache && chown -R saccade cache
# Native libraries are unpacked below the home folder; the broker's log lies in /data.
USER saccade
ENV HOME=/home/saccade SACCADE_DATA=/data
VOLUME /data
ENTRYPOINT ["/opt/saccade/saccade"]
CMD ["--help"]
