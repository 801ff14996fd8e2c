package io.saccade;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The floors of the house: which module and which package may use which. CONTRIBUTING.md has the
 * map, and decision 74 in {@code docs/decisions.md} explains it.
 */
class ArchitectureTest {

  /** Each module's packages, and the modules that it may use besides libraries. */
  private static final Map<String, List<String>> MODULES =
      Map.ofEntries(
          Map.entry("proto", List.of()),
          Map.entry("telemetry", List.of()),
          Map.entry("video", List.of()),
          Map.entry("model", List.of()),
          Map.entry("bus", List.of("proto", "telemetry")),
          Map.entry("ingest", List.of("proto", "bus")),
          Map.entry("sampler", List.of("proto", "telemetry", "bus", "video")),
          Map.entry("router", List.of("proto", "telemetry", "bus")),
          Map.entry("worker", List.of("proto", "telemetry", "bus", "model")),
          Map.entry("broker", List.of("bus")),
          Map.entry("chaos", List.of("proto", "bus", "ingest", "video", "worker")));

  /**
   * The floors inside of a module, lowest first: a package may use those before it. A module that
   * is not here has one package.
   */
  private static final List<List<String>> FLOORS =
      List.of(
          List.of("video", "video.access", "video.image", "video.decode", "video.sampling"),
          List.of("video.sampling", "video.isolation", "video.feed", "video.rtsp", "video.live"),
          List.of("router", "router.rules", "router.state", "router.flow", "router.streams"),
          List.of("sampler.record", "sampler.feed", "sampler"),
          List.of(
              "model.config",
              "model.text",
              "model.architecture",
              "model.architecture.tower",
              "model.graph",
              "model",
              "model.verify",
              "model.quantise",
              "model.architecture.slowfastqwen2"),
          List.of("model.config", "model.weights", "model.graph"),
          List.of("cli.local", "cli.option", "cli.command", "cli"),
          List.of("cli.local", "cli.option", "bench.pipeline", "bench", "cli"));

  /** Files of a package, its package-info included. */
  private static final int MOST_FILES = 30;

  private static JavaClasses classes;

  @BeforeAll
  static void importClasses() {
    classes =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.saccade");
  }

  @Test
  void packagesHaveNoCircles() {
    slices().matching("io.saccade.(**)").should().beFreeOfCycles().check(classes);
  }

  static Stream<String> modules() {
    return MODULES.keySet().stream().sorted();
  }

  @ParameterizedTest
  @MethodSource("modules")
  void aModuleUsesOnlyThoseBelowIt(String module) {
    Stream<String> allowed = Stream.concat(Stream.of(module), MODULES.get(module).stream());
    noClasses()
        .that(resideInAnyPackage(tree(module)))
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(tree(""))
                .and(
                    DescribedPredicate.not(
                        resideInAnyPackage(
                            allowed.map(ArchitectureTest::tree).toArray(String[]::new)))))
        .as("module " + module + " uses only " + MODULES.get(module))
        .check(classes);
  }

  static Stream<List<String>> floors() {
    return FLOORS.stream();
  }

  @ParameterizedTest
  @MethodSource("floors")
  void aPackageUsesOnlyThoseBelowIt(List<String> floors) {
    for (int floor = 0; floor < floors.size(); floor++) {
      String[] above =
          floors.subList(floor + 1, floors.size()).stream()
              .map(name -> "io.saccade." + name)
              .toArray(String[]::new);
      if (above.length > 0) {
        noClasses()
            .that(resideInAnyPackage("io.saccade." + floors.get(floor)))
            .should()
            .dependOnClassesThat(resideInAnyPackage(above))
            .check(classes);
      }
    }
  }

  @Test
  void videoAndModelKnowNoKafka() {
    noClasses()
        .that(resideInAnyPackage(tree("video"), tree("model"), tree("telemetry")))
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("org.apache.kafka..", "com.google.protobuf..", tree("proto")))
        .check(classes);
  }

  @Test
  void onlyTheBrokerUsesTheKafkaServer() {
    noClasses()
        .that(DescribedPredicate.not(resideInAnyPackage(tree("broker"))))
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                "kafka..", "org.apache.kafka.server..", "org.apache.kafka.metadata.."))
        .check(classes);
  }

  @Test
  void packagesStaySmall() {
    Map<String, Long> files =
        classes.stream()
            .filter(type -> type.isTopLevelClass() && !isGenerated(type))
            .collect(
                Collectors.groupingBy(
                    JavaClass::getPackageName, TreeMap::new, Collectors.counting()));
    assertThat(files)
        .allSatisfy((name, count) -> assertThat(count).as(name).isLessThan(MOST_FILES));
  }

  /** What the protobuf compiler wrote. */
  private static boolean isGenerated(JavaClass type) {
    return type.getPackageName().endsWith(".v1");
  }

  private static String tree(String module) {
    return module.isEmpty() ? "io.saccade.." : "io.saccade." + module + "..";
  }
}
