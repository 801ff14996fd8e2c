package io.saccade.router.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.saccade.proto.v1.InferenceRequest;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.Test;

final class SpreadPartitionerTest {

  private static int partition(String key, int spread, int partitions) {
    InferenceRequest request = InferenceRequest.newBuilder().setSpread(spread).build();
    Set<Integer> chosen =
        new SpreadPartitioner().partitions("requests", key, request, partitions).orElseThrow();
    assertThat(chosen).hasSize(1);
    return chosen.iterator().next();
  }

  @Test
  void homeIsWhereKafkaPutsTheKey() {
    for (String key : new String[] {"v", "käse", "", "a-long-video-id"}) {
      byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
      assertThat(partition(key, 0, 7)).isEqualTo(BuiltInPartitioner.partitionForKey(bytes, 7));
    }
  }

  @Test
  void spreadGoesRound() {
    int home = partition("v", 0, 4);
    assertThat(partition("v", 1, 4)).isEqualTo((home + 1) % 4);
    assertThat(partition("v", 4, 4)).isEqualTo(home);
    assertThat(partition("v", Integer.MAX_VALUE, 4)).isEqualTo((home + 3) % 4);
    assertThat(partition("v", 5, 1)).isZero();
  }
}
