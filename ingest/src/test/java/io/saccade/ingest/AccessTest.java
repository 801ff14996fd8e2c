package io.saccade.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.saccade.proto.Topic;
import io.saccade.proto.Topics;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;

class AccessTest {

  @Test
  void everyTopicIsWrittenAndReadBySomebody() {
    List<Topic<?>> written = new ArrayList<>();
    List<Topic<?>> read = new ArrayList<>();
    for (Access role : Access.values()) {
      written.addAll(role.writes());
      read.addAll(role.reads());
    }

    assertThat(written).containsAll(Topics.ALL);
    assertThat(Topics.ALL)
        .filteredOn(topic -> !read.contains(topic))
        .as("what only an operator reads")
        .containsExactly(Topics.DEAD_LETTERS);
  }

  @Test
  void aUserMayTouchNothingOutsideItsPrefix() {
    for (Access role : Access.values()) {
      assertThat(role.acls("site.", "User:x"))
          .isNotEmpty()
          .allMatch(acl -> acl.pattern().name().startsWith("site."))
          .allMatch(acl -> acl.entry().principal().equals("User:x"))
          .noneMatch(acl -> acl.entry().operation() == AclOperation.ALL)
          .noneMatch(acl -> acl.pattern().resourceType() == ResourceType.CLUSTER);
    }
  }

  @Test
  void onlyTheRouterWritesAnswers() {
    for (Access role : Access.values()) {
      assertThat(role.writes().contains(Topics.ANSWERS)).isEqualTo(role == Access.ROUTER);
      assertThat(role.writes().contains(Topics.ALERTS)).isEqualTo(role == Access.ROUTER);
    }
  }

  @Test
  void withoutAPrefixAllNamesAreMeant() {
    assertThat(Access.TOPICS.acls("", "User:t"))
        .isNotEmpty()
        .allMatch(acl -> acl.pattern().patternType() == PatternType.LITERAL)
        .allMatch(acl -> acl.pattern().name().equals("*"));
  }

  @Test
  void aProducerMayListWhatItMayCancel() {
    assertThat(Access.PRODUCER.reads()).containsExactly(Topics.STANDING_QUESTIONS);
  }

  @Test
  void topicsAreNamedInFullAndGroupsByTheirBeginning() {
    List<AclBinding> acls = Access.WORKER.acls("p.", "User:w");

    assertThat(acls)
        .filteredOn(acl -> acl.pattern().resourceType() == ResourceType.TOPIC)
        .allMatch(acl -> acl.pattern().patternType() == PatternType.LITERAL);
    assertThat(acls)
        .filteredOn(acl -> acl.pattern().resourceType() == ResourceType.GROUP)
        .singleElement()
        .matches(acl -> acl.pattern().patternType() == PatternType.PREFIXED)
        .matches(acl -> acl.pattern().name().equals("p.inference-worker"));
  }
}
