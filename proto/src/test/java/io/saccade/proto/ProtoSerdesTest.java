package io.saccade.proto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.saccade.proto.v1.Question;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The serdes")
final class ProtoSerdesTest {

  private static final Question QUESTION =
      Question.newBuilder()
          .setQuestionId("q")
          .setVideoId("v")
          .setText("warum? \uD83D\uDC15")
          .build();

  @Test
  @DisplayName("write a message as its bytes alone and read it back")
  void roundTrip() {
    byte[] bytes = ProtoSerdes.<Question>serializer().serialize("any", QUESTION);

    assertThat(bytes).isEqualTo(QUESTION.toByteArray());
    assertThat(ProtoSerdes.deserializer(Topics.QUESTIONS).deserialize("any", bytes))
        .isEqualTo(new Parsed.Valid<>(QUESTION));
  }

  @Test
  @DisplayName("write nothing as a tombstone")
  void tombstone() {
    assertThat(ProtoSerdes.<Question>serializer().serialize("any", null)).isNull();
  }

  @Test
  @DisplayName("of a store bring its state back")
  void trustedRoundTrip() {
    Serde<Question> serde = ProtoSerdes.trusted(Question.parser());

    byte[] bytes = serde.serializer().serialize("store", QUESTION);

    assertThat(serde.deserializer().deserialize("store", bytes)).isEqualTo(QUESTION);
    assertThat(serde.deserializer().deserialize("store", null)).isNull();
  }

  @Test
  @DisplayName("of a store say which store is broken")
  void trustedRefusesGarbage() {
    Serde<Question> serde = ProtoSerdes.trusted(Question.parser());

    assertThatThrownBy(() -> serde.deserializer().deserialize("store", new byte[] {1}))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("store");
  }
}
