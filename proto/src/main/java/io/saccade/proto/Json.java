package io.saccade.proto;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.util.JsonFormat;

/** Protobuf's JSON mapping, one object a line. */
public final class Json {

  private static final JsonFormat.Printer PRINTER =
      JsonFormat.printer().omittingInsignificantWhitespace();

  private Json() {}

  /** The message as one line of JSON, camelCase names, without fields that are not set. */
  public static String line(MessageOrBuilder message) {
    try {
      return PRINTER.print(message);
    } catch (InvalidProtocolBufferException e) {
      // Only for Any fields of unknown type, or durations out of range: ours have neither unless
      // hostile.
      throw new IllegalArgumentException("message has no JSON form: " + e.getMessage(), e);
    }
  }

  /**
   * Reads a message from JSON.
   *
   * @throws IllegalArgumentException if the text is not JSON of this message
   */
  public static <B extends Message.Builder> B parse(String json, B into) {
    try {
      JsonFormat.parser().merge(json, into);
      return into;
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }
}
