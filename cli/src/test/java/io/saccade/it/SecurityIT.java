package io.saccade.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.saccade.broker.BrokerConfig;
import io.saccade.broker.BrokerSecurity;
import io.saccade.broker.EmbeddedBroker;
import io.saccade.bus.BusConfig;
import io.saccade.cli.Main;
import io.saccade.cli.local.ExitCode;
import io.saccade.ingest.Access;
import io.saccade.ingest.AccessCheck;
import io.saccade.ingest.AccessGranter;
import io.saccade.ingest.AnswerReader;
import io.saccade.ingest.BusCheck;
import io.saccade.ingest.IngestException;
import io.saccade.ingest.Publisher;
import io.saccade.ingest.StandingReader;
import io.saccade.ingest.TopicCreator;
import io.saccade.ingest.TopicPlan;
import io.saccade.proto.Topics;
import io.saccade.proto.v1.Answer;
import io.saccade.proto.v1.AnswerStatus;
import io.saccade.proto.v1.StandingQuestion;
import io.saccade.proto.v1.VideoReference;
import io.saccade.router.RouterConfig;
import io.saccade.router.streams.QuestionRouter;
import io.saccade.sampler.FrameSampler;
import io.saccade.sampler.SamplerConfig;
import io.saccade.video.access.AccessConfig;
import io.saccade.worker.InferenceWorker;
import io.saccade.worker.SimulatedEngine;
import io.saccade.worker.WorkerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** TLS, SASL/SCRAM and access lists: each role with a user of its own that may do the least. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SecurityIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Of every user, so that one search finds it in any log. */
  private static final String PASSWORD = "open-sesame-4711";

  @TempDir private static Path folder;
  private static Certificates certificates;
  private static EmbeddedBroker broker;

  @RegisterExtension final Parts parts = new Parts();

  @BeforeAll
  static void startBroker() throws Exception {
    certificates = Certificates.create(folder, "broker");
    broker =
        EmbeddedBroker.start(
            BrokerConfig.local(folder.resolve("data"), 0)
                .withSecurity(
                    new BrokerSecurity(
                        certificates.keyStore(), Certificates.PASSWORD, "admin", PASSWORD)));
    AccessGranter granter = new AccessGranter(as("admin"));
    for (Access role : Access.values()) {
      granter.user(role.label(), PASSWORD);
      granter.grant(role.acls(Topics.DEFAULT_PREFIX, "User:" + role.label()));
    }
    BusConfig topics = as(Access.TOPICS.label());
    try (Admin admin = BusCheck.connect(topics)) {
      var unused = new TopicCreator(admin, topics, TopicPlan.DEFAULT).create();
    }
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @Test
  void aQuestionIsAnsweredByRolesThatMayDoTheLeast() {
    parts.start(new QuestionRouter(RouterConfig.defaults(as("router"), folder.resolve("router"))));
    parts.start(
        new FrameSampler(
            SamplerConfig.defaults(as("sampler"), AccessConfig.files(List.of(Demo.clips())))));
    parts.start(
        new InferenceWorker(
            WorkerConfig.defaults(as("worker"), "secured"),
            new SimulatedEngine(SimulatedEngine.NAME, Duration.ZERO)));
    VideoReference video = Demo.video(0);
    List<Answer> answers = new ArrayList<>();
    try (Publisher publisher = Publisher.open(as("producer"));
        AnswerReader reader = AnswerReader.fromStart(as("consumer"))) {
      Publisher.await(publisher.publish(video), PATIENCE);
      Publisher.await(
          publisher.publish(Demo.question(video, Demo.CAR_COLOUR, SimulatedEngine.NAME)), PATIENCE);
      Awaitility.await()
          .atMost(PATIENCE)
          .until(
              () -> {
                reader.poll(Duration.ofMillis(100), answers::add);
                return !answers.isEmpty();
              });
    }

    assertThat(answers).extracting(Answer::getStatus).containsExactly(AnswerStatus.OK);
  }

  @Test
  void aProducerListsAndCancelsItsStandingQuestions() throws Exception {
    List<String> args = new ArrayList<>(List.of("standing", "cancel", "gate"));
    args.add("--bootstrap-servers=" + broker.bootstrapServers());
    login("producer", PASSWORD).forEach((key, value) -> args.add("--kafka=" + key + "=" + value));
    StandingQuestion standing =
        StandingQuestion.newBuilder()
            .setQuestionId("gate")
            .setVideoId("v")
            .setText("Is somebody at the gate?")
            .build();
    try (Publisher publisher = Publisher.open(as("producer"))) {
      Publisher.await(publisher.publish(standing), PATIENCE);
    }
    assertThat(StandingReader.current(as("producer"))).containsOnlyKeys("gate");

    RoleProcess cancel = parts.process("standing-cancel", Main.class, args.toArray(String[]::new));

    assertThat(cancel.exitCode()).as(log("standing-cancel")).isZero();
    assertThat(StandingReader.current(as("producer"))).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"ROUTER", "SAMPLER", "WORKER"})
  void aRoleThatLacksARuleSaysWhatItMayNotDo(Access role) throws Exception {
    AccessCheck.require(as(role.label()), role, Duration.ZERO);
    try (Admin admin = BusCheck.connect(as("admin"))) {
      for (AclBinding acl : role.acls(Topics.DEFAULT_PREFIX, "User:" + role.label())) {
        if (!isOfStores(acl)) {
          remove(admin, acl);
          Awaitility.await(acl.toString())
              .atMost(PATIENCE)
              .untilAsserted(() -> assertRefused(role, acl));
          admin.createAcls(List.of(acl)).all().get(10, TimeUnit.SECONDS);
        }
      }
    }
  }

  /** Of topics that only Kafka Streams knows by name. */
  private static boolean isOfStores(AclBinding acl) {
    return acl.pattern().patternType() == PatternType.PREFIXED
        && acl.pattern().resourceType() == org.apache.kafka.common.resource.ResourceType.TOPIC;
  }

  private static void assertRefused(Access role, AclBinding acl) {
    assertThatThrownBy(() -> AccessCheck.require(as(role.label()), role, Duration.ZERO))
        .isInstanceOf(IngestException.class)
        .hasMessageContaining("the " + role.label() + "'s user may not ")
        .hasMessageContaining(acl.pattern().name())
        .hasMessageContaining("topics acls --role " + role.label());
  }

  @Test
  void aRouterThatMayNotMakeItsStoresStopsAndNamesThem() throws Exception {
    String prefix = "other.";
    AccessGranter granter = new AccessGranter(as("admin"));
    granter.user("storeless", PASSWORD);
    granter.grant(
        Access.ROUTER.acls(prefix, "User:storeless").stream()
            .filter(acl -> acl.entry().operation() != AclOperation.CREATE)
            .toList());
    BusConfig admins = new BusConfig(broker.bootstrapServers(), prefix, login("admin", PASSWORD));
    try (Admin admin = BusCheck.connect(admins)) {
      var unused = new TopicCreator(admin, admins, TopicPlan.DEFAULT).create();
    }
    BusConfig bus = new BusConfig(broker.bootstrapServers(), prefix, login("storeless", PASSWORD));
    QuestionRouter router =
        new QuestionRouter(RouterConfig.defaults(bus, folder.resolve("storeless")));
    parts.start(router);

    assertThat(router.stopped().toCompletableFuture())
        .failsWithin(PATIENCE)
        .withThrowableThat()
        .withStackTraceContaining("other.question-router-");
  }

  @Test
  void aWrongPasswordIsOneLine() throws Exception {
    assertThat(failure("wrong-password", login("worker", "something else")))
        .contains("refuses the login", "SCRAM-SHA-512");
  }

  @Test
  void anUnknownCertificateIsOneLine() throws Exception {
    Map<String, String> settings = login("worker", PASSWORD);
    settings.put(
        "ssl.truststore.location", Certificates.create(folder, "other").trustStore().toString());

    assertThat(failure("unknown-certificate", settings))
        .contains("is not trusted", "ssl.truststore.location");
  }

  @Test
  void aPlainClientIsOneLine() throws Exception {
    assertThat(failure("plain", Map.of()))
        .contains("speaks TLS: add --kafka security.protocol=SSL")
        .doesNotContain("OutOfMemoryError");
  }

  @Test
  void passwordsComeFromTheSettingsFileAndStayOutOfTheLog() throws Exception {
    Path config = folder.resolve("worker.properties");
    List<String> lines = new ArrayList<>(List.of("log-level=debug", "engine=simulated"));
    login("worker", PASSWORD).forEach((key, value) -> lines.add("kafka." + key + "=" + value));
    Files.write(config, lines);
    RoleProcess worker =
        parts.process(
            "secured-worker",
            Main.class,
            "worker",
            "--bootstrap-servers=" + broker.bootstrapServers(),
            "--config=" + config);
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> log("secured-worker").contains("event=model_announced"));
    worker.terminate();

    assertThat(worker.exitCode()).isZero();
    assertThat(log("secured-worker"))
        .contains("sasl.jaas.config = [hidden]")
        .doesNotContain(PASSWORD)
        .doesNotContain(Certificates.PASSWORD);
  }

  @Test
  void aSecuredBrokerKeepsItsPasswordsToItself() throws Exception {
    RoleProcess process =
        parts.process(
            "secured-broker",
            Main.class,
            "broker",
            "--data=" + folder.resolve("by-command"),
            "--port=0",
            "--key-store=" + certificates.keyStore(),
            "--key-store-password=" + Certificates.PASSWORD,
            "--admin-password=" + PASSWORD,
            "--log-level=trace");
    process.awaitLine(line -> line.startsWith("broker at "));
    process.terminate();

    assertThat(process.exitCode()).isZero();
    assertThat(log("secured-broker"))
        .doesNotContain(PASSWORD)
        .doesNotContain(Certificates.PASSWORD)
        .doesNotContain("PlainLoginModule required");
  }

  /** What a worker says that cannot start: one line. */
  private String failure(String name, Map<String, String> settings) throws Exception {
    List<String> args = new ArrayList<>(List.of("worker", "--engine=simulated"));
    args.add("--bootstrap-servers=" + broker.bootstrapServers());
    settings.forEach((key, value) -> args.add("--kafka=" + key + "=" + value));
    RoleProcess worker = parts.process(name, Main.class, args.toArray(String[]::new));

    assertThat(worker.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(log(name)).hasLineCount(1).startsWith("saccade: ").doesNotContain(PASSWORD);
    return log(name);
  }

  private static String log(String name) throws IOException {
    return Files.readString(RoleProcess.log(name).toPath());
  }

  private static BusConfig as(String user) {
    return new BusConfig(broker.bootstrapServers(), Topics.DEFAULT_PREFIX, login(user, PASSWORD));
  }

  private static Map<String, String> login(String user, String password) {
    Map<String, String> settings = new HashMap<>();
    settings.put("security.protocol", "SASL_SSL");
    settings.put("sasl.mechanism", "SCRAM-SHA-512");
    settings.put(
        "sasl.jaas.config",
        String.format(
            Locale.ROOT,
            "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%s\" password=\"%s\";",
            user,
            password));
    settings.put("ssl.truststore.location", certificates.trustStore().toString());
    settings.put("ssl.truststore.password", Certificates.PASSWORD);
    return settings;
  }

  private static void remove(Admin admin, AclBinding acl) throws Exception {
    admin.deleteAcls(List.of(acl.toFilter())).all().get(10, TimeUnit.SECONDS);
  }
}
