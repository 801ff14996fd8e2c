package io.saccade.model.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;

class TorchScriptArchiveTest {

  @Test
  void holdsSourceAndObjectUncompressed() throws IOException {
    byte[] archive =
        TorchScriptArchive.of("Net", "class Net(Module):\n", Map.of("training", false));

    Map<String, byte[]> entries = new LinkedHashMap<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        assertThat(entry.getMethod()).isEqualTo(ZipEntry.STORED);
        entries.put(entry.getName(), zip.readAllBytes());
      }
    }
    assertThat(entries)
        .containsOnlyKeys(
            "model/version",
            "model/byteorder",
            "model/data.pkl",
            "model/code/__torch__.py",
            "model/constants.pkl");
    assertThat(new String(entries.get("model/code/__torch__.py"), StandardCharsets.UTF_8))
        .isEqualTo("class Net(Module):\n");
  }

  @Test
  void picklesAttributes() {
    Map<String, Object> attributes = new LinkedHashMap<>();
    attributes.put("a", 1);
    attributes.put("b", 0.5);
    attributes.put("c", List.of(2));
    attributes.put("d", List.of());
    attributes.put("e", Map.of());
    String pickle =
        new String(TorchPickle.object("m", "C", attributes), StandardCharsets.ISO_8859_1);
    assertThat(pickle)
        .isEqualTo(
            "\u0080\u0002cm\nC\n)\u0081}(X\1\0\0\0a\u008a\b\1\0\0\0\0\0\0\0X\1\0\0\0bG?\u00e0\0\0\0\0\0\0"
                + "X\1\0\0\0cctorch.jit._pickle\nbuild_intlist\n(](\u008a\b\2\0\0\0\0\0\0\0etR"
                + "X\1\0\0\0d]X\1\0\0\0e}ub.");
  }

  @Test
  void refusesOtherAttributes() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TorchPickle.object("m", "C", Map.of("a", 1f)))
        .withMessageContaining("Float");
  }
}
