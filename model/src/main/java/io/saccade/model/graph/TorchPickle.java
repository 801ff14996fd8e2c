package io.saccade.model.graph;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Writes the small part of Python's pickle format (protocol 2) that a TorchScript object needs:
 * booleans, integers, doubles, strings, lists of integers or of doubles, empty lists of anything
 * and empty dictionaries.
 */
final class TorchPickle {
  private static final int PROTOCOL = 0x80;
  private static final int NEW_OBJECT = 0x81;
  private static final int TRUE = 0x88;
  private static final int FALSE = 0x89;
  private static final int SHORT_LONG = 0x8a;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private TorchPickle() {}

  /** Returns the pickle of an object of {@code module.className} with the given attributes. */
  static byte[] object(String module, String className, Map<String, Object> attributes) {
    TorchPickle pickle = new TorchPickle();
    pickle.op(PROTOCOL).op(2);
    pickle.global(module, className);
    pickle.op(')').op(NEW_OBJECT);
    pickle.op('}').op('(');
    attributes.forEach((name, value) -> pickle.value(name).value(value));
    pickle.op('u').op('b').op('.');
    return pickle.out.toByteArray();
  }

  private TorchPickle value(Object value) {
    if (value instanceof Boolean flag) {
      return op(flag ? TRUE : FALSE);
    } else if (value instanceof Integer number) {
      return op(SHORT_LONG).op(Long.BYTES).number(ByteOrder.LITTLE_ENDIAN, number);
    } else if (value instanceof Double number) {
      return op('G').number(ByteOrder.BIG_ENDIAN, Double.doubleToLongBits(number));
    } else if (value instanceof String text) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      return op('X').length(bytes.length).raw(bytes);
    } else if (value instanceof List<?> list) {
      return list.isEmpty() ? op(']') : list(list);
    } else if (value instanceof Map<?, ?> map && map.isEmpty()) {
      return op('}');
    }
    throw new IllegalArgumentException("No pickle for an attribute of " + value.getClass());
  }

  /** A list of integers, by the function that PyTorch has for this. */
  private TorchPickle list(List<?> list) {
    global("torch.jit._pickle", "build_intlist").op('(').op(']').op('(');
    list.forEach(this::value);
    return op('e').op('t').op('R');
  }

  private TorchPickle global(String module, String name) {
    return op('c').raw((module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private TorchPickle op(int code) {
    out.write(code);
    return this;
  }

  private TorchPickle raw(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  private TorchPickle number(ByteOrder order, long bits) {
    return raw(ByteBuffer.allocate(Long.BYTES).order(order).putLong(bits).array());
  }

  private TorchPickle length(int bytes) {
    return raw(
        ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(bytes).array());
  }
}
