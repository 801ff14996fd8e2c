package io.saccade.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import picocli.CommandLine;

/** What {@code docker-compose.yml} runs exists, with these options. */
class ComposeTest {

  private static final Path FILE = Path.of("..", "docker-compose.yml");

  @TestFactory
  Stream<DynamicTest> everyCommandLineParses() throws IOException {
    return services().entrySet().stream()
        .filter(service -> service.getValue().containsKey("build"))
        .map(service -> DynamicTest.dynamicTest(service.getKey(), () -> parse(service.getValue())));
  }

  @Test
  void theBrokerHasTheVersionOfOurClients() throws IOException {
    String clients = org.apache.kafka.common.utils.AppInfoParser.getVersion();

    assertThat(services().get("broker")).containsEntry("image", "apache/kafka:" + clients);
  }

  private static void parse(Map<String, Object> service) {
    CommandLine line = Main.commandLine();
    List<String> args = new ArrayList<>();
    for (Object word : (List<?>) service.get("command")) {
      args.add(word.toString().replaceAll("\\$\\{\\w+:-(.*)}", "$1"));
    }
    assumeTrue(line.getSubcommands().containsKey(args.get(0)), "no command " + args.get(0));

    line.parseArgs(args.toArray(String[]::new));
  }

  @SuppressWarnings("unchecked") // the file's own structure; a wrong one fails the test
  private static Map<String, Map<String, Object>> services() throws IOException {
    try (Reader reader = Files.newBufferedReader(FILE)) {
      Map<String, Object> file = new Yaml(new SafeConstructor(new LoaderOptions())).load(reader);
      return (Map<String, Map<String, Object>>) file.get("services");
    }
  }
}
