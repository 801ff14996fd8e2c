package io.saccade.proto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.github.luben.zstd.Zstd;
import com.google.protobuf.ByteString;
import io.saccade.proto.v1.FrameTensor;
import io.saccade.proto.v1.PixelEncoding;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A frame's encoding")
final class FrameEncodingTest {

  private static final int SIZE = 64;
  private static final int BYTES = SIZE * SIZE * 3;

  @ParameterizedTest
  @CsvSource({"raw,raw", "zstd,zstd", "jpeg,jpeg:90", "jpeg:1,jpeg:1", "jpeg:100,jpeg:100"})
  @DisplayName("is named by a text, and names itself by it")
  void readsTexts(String text, String name) {
    assertThat(FrameEncoding.parse(text)).hasToString(name);
    assertThat(FrameEncoding.parse(name)).isEqualTo(FrameEncoding.parse(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "png", "RAW", "jpeg:", "jpeg:0", "jpeg:101", "jpeg:-1", "zstd:3"})
  @DisplayName("has no other text")
  void refusesTexts(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> FrameEncoding.parse(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"raw", "zstd"})
  @DisplayName("without loss gives back every byte, of noise too")
  void losslessIsExact(String text) throws FrameFormatException {
    byte[] noise = new byte[BYTES];
    new Random(1).nextBytes(noise);

    for (byte[] pixels : new byte[][] {noise, gradient(), new byte[BYTES]}) {
      FrameTensor frame = frame(FrameEncoding.parse(text), pixels);
      assertThat(FrameEncoding.decode(frame, SIZE)).isEqualTo(ByteBuffer.wrap(pixels));
    }
  }

  @Test
  @DisplayName("of zstd is smaller where there is something to save")
  void zstdSaves() {
    assertThat(frame(FrameEncoding.ZSTD, new byte[BYTES]).getData().size()).isLessThan(100);
  }

  @ParameterizedTest
  @CsvSource({"jpeg:75,36", "jpeg:90,40", "jpeg:100,47"})
  @DisplayName("of JPEG keeps colours and places of a gradient")
  void jpegIsClose(String text, double leastPsnr) throws FrameFormatException {
    byte[] pixels = gradient();

    ByteBuffer decoded =
        FrameEncoding.decode(frame(FrameEncoding.parse(text), pixels), SIZE).asReadOnlyBuffer();

    assertThat(psnr(pixels, decoded)).isGreaterThan(leastPsnr);
  }

  @ParameterizedTest
  @CsvSource({"255,0,0", "0,255,0", "0,0,255", "0,0,0", "255,255,255", "128,128,128", "200,30,90"})
  @DisplayName("of JPEG swaps no channels and shifts no colour")
  void jpegKeepsColours(int red, int green, int blue) throws FrameFormatException {
    byte[] pixels = new byte[BYTES];
    for (int i = 0; i < BYTES; i += 3) {
      pixels[i] = (byte) red;
      pixels[i + 1] = (byte) green;
      pixels[i + 2] = (byte) blue;
    }

    ByteBuffer decoded = FrameEncoding.decode(frame(FrameEncoding.jpeg(90), pixels), SIZE);

    for (int i = 0; i < BYTES; i++) {
      assertThat(decoded.get(i) & 0xff).isCloseTo(pixels[i] & 0xff, within(2));
    }
  }

  @Test
  @DisplayName("takes buffers of any kind and leaves them as they are")
  void takesAnyBuffer() throws FrameFormatException {
    ByteBuffer direct = ByteBuffer.allocateDirect(BYTES + 5).position(5);
    direct.duplicate().put(gradient());
    ByteBuffer sliced = ByteBuffer.wrap(new byte[BYTES + 5], 5, BYTES).slice();
    sliced.duplicate().put(gradient());

    for (ByteBuffer pixels : new ByteBuffer[] {direct, sliced, direct.asReadOnlyBuffer()}) {
      FrameTensor frame = promise(PixelEncoding.ZSTD_RGB_HWC_UINT8, FrameEncoding.ZSTD, pixels);
      assertThat(FrameEncoding.decode(frame, SIZE)).isEqualTo(ByteBuffer.wrap(gradient()));
      assertThat(pixels.remaining()).isEqualTo(BYTES);
    }
  }

  @Test
  @DisplayName("encodes whole frames only")
  void refusesOtherSizes() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FrameEncoding.RAW.encode(ByteBuffer.allocate(BYTES - 1), SIZE, SIZE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"raw", "zstd", "jpeg:90"})
  @DisplayName("is refused when cut")
  void refusesCutBytes(String text) {
    FrameTensor whole = frame(FrameEncoding.parse(text), gradient());
    for (int size : new int[] {0, 1, 3, 10, 30, whole.getData().size() / 2}) {
      refused(whole.toBuilder().setData(whole.getData().substring(0, size)));
    }
  }

  @Test
  @DisplayName("is refused where the record promises another size than asked for")
  void refusesOtherPromises() {
    FrameTensor frame = frame(FrameEncoding.RAW, gradient());

    refused(frame.toBuilder().setHeight(SIZE + 1));
    refused(frame.toBuilder().setWidth(-1));
    refused(frame.toBuilder().setChannels(1));
    refused(frame.toBuilder().setEncodingValue(99));
    refused(frame.toBuilder().setEncoding(PixelEncoding.PIXEL_ENCODING_UNSPECIFIED));
    for (int size : new int[] {0, -1, 2049, Integer.MAX_VALUE}) {
      FrameTensor odd = frame.toBuilder().setHeight(size).setWidth(size).build();
      assertThatThrownBy(() -> FrameEncoding.decode(odd, size))
          .isInstanceOf(FrameFormatException.class);
    }
  }

  @Test
  @DisplayName("of zstd is not unpacked before its size is known")
  void refusesZstdOfAnotherSize() {
    refused(stored(PixelEncoding.ZSTD_RGB_HWC_UINT8, Zstd.compress(new byte[BYTES + 1])));
    refused(stored(PixelEncoding.ZSTD_RGB_HWC_UINT8, Zstd.compress(new byte[32 << 20])));
    byte[] two = Arrays.copyOf(Zstd.compress(gradient()), 20_000);
    byte[] more = Zstd.compress(new byte[1 << 20]);
    System.arraycopy(more, 0, two, Zstd.compress(gradient()).length, more.length);
    refused(stored(PixelEncoding.ZSTD_RGB_HWC_UINT8, two));
  }

  @Test
  @DisplayName("of JPEG is not decoded before its size is known")
  void refusesJpegOfAnotherSize() throws IOException {
    refused(stored(PixelEncoding.JPEG, jpeg(BufferedImage.TYPE_3BYTE_BGR, SIZE + 8, false)));
    byte[] lies = jpeg(BufferedImage.TYPE_3BYTE_BGR, SIZE, false);
    int size = segment(lies, 0xc0) + 5;
    Arrays.fill(lies, size, size + 4, (byte) 0xff); // 65,535 x 65,535
    refused(stored(PixelEncoding.JPEG, lies));
  }

  @Test
  @DisplayName("of JPEG is the plain kind: not grey, not progressive, without a colour profile")
  void refusesOddJpegs() throws Exception {
    refused(stored(PixelEncoding.JPEG, jpeg(BufferedImage.TYPE_BYTE_GRAY, SIZE, false)));
    refused(stored(PixelEncoding.JPEG, jpeg(BufferedImage.TYPE_3BYTE_BGR, SIZE, true)));
    byte[] plain = jpeg(BufferedImage.TYPE_3BYTE_BGR, SIZE, false);
    FrameEncoding.decode(stored(PixelEncoding.JPEG, plain).build(), SIZE); // chroma 4:2:0: read too
    for (int marker : new int[] {0xe0, 0xe1, 0xe2, 0xee, 0xd8, 0xd9, 0x00}) {
      int tables = segment(plain, 0xdb);
      byte[] odd = plain.clone();
      odd[tables + 1] = (byte) marker;
      refused(stored(PixelEncoding.JPEG, odd));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"zstd", "jpeg:90"})
  @DisplayName("of damaged bytes gives pixels of the right size or a typed failure, nothing else")
  void survivesFlippedBytes(String text) {
    FrameTensor whole = frame(FrameEncoding.parse(text), gradient());
    Random random = new Random(7);
    int refused = 0;
    for (int round = 0; round < 1_500; round++) {
      byte[] bytes = whole.getData().toByteArray();
      for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
        bytes[random.nextInt(round % 2 == 0 ? bytes.length : 200)] = (byte) random.nextInt();
      }
      try {
        FrameTensor odd = whole.toBuilder().setData(ByteString.copyFrom(bytes)).build();
        assertThat(FrameEncoding.decode(odd, SIZE).remaining()).isEqualTo(BYTES);
      } catch (FrameFormatException e) {
        assertThat(e).hasMessageNotContaining("\n");
        refused++;
      }
    }
    assertThat(refused).isPositive();
  }

  @Test
  @DisplayName("has a checksum over its stored bytes, however they lie in memory")
  void checksum() {
    ByteString check = ByteString.copyFromUtf8("123456789");
    assertThat(FrameEncoding.crc32c(check)).isEqualTo(0xe3069283); // RFC 3720's check value
    assertThat(FrameEncoding.crc32c(check.substring(0, 4).concat(check.substring(4))))
        .isEqualTo(0xe3069283);
  }

  private static void refused(FrameTensor.Builder frame) {
    assertThatThrownBy(() -> FrameEncoding.decode(frame.build(), SIZE))
        .isInstanceOf(FrameFormatException.class)
        .message()
        .isNotBlank()
        .doesNotContain("\n");
  }

  private static FrameTensor frame(FrameEncoding encoding, byte[] pixels) {
    return promise(encoding.format(), encoding, ByteBuffer.wrap(pixels));
  }

  private static FrameTensor promise(
      PixelEncoding format, FrameEncoding encoding, ByteBuffer pixels) {
    ByteString data = encoding.encode(pixels, SIZE, SIZE);
    return stored(format, data.toByteArray()).build();
  }

  private static FrameTensor.Builder stored(PixelEncoding format, byte[] data) {
    return FrameTensor.newBuilder()
        .setEncoding(format)
        .setHeight(SIZE)
        .setWidth(SIZE)
        .setChannels(3)
        .setData(ByteString.copyFrom(data));
  }

  /** Red grows to the right, green downwards, blue towards the first corner. */
  private static byte[] gradient() {
    byte[] pixels = new byte[BYTES];
    for (int y = 0, i = 0; y < SIZE; y++) {
      for (int x = 0; x < SIZE; x++) {
        pixels[i++] = (byte) (4 * x);
        pixels[i++] = (byte) (4 * y);
        pixels[i++] = (byte) (252 - 2 * (x + y));
      }
    }
    return pixels;
  }

  private static double psnr(byte[] expected, ByteBuffer actual) {
    double squares = 0;
    for (int i = 0; i < expected.length; i++) {
      int difference = (expected[i] & 0xff) - (actual.get(i) & 0xff);
      squares += difference * difference;
    }
    return 10 * Math.log10(255 * 255 * expected.length / squares);
  }

  /** A JPEG as the JDK writes it by default. */
  private static byte[] jpeg(int type, int size, boolean progressive) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      ImageWriteParam param = writer.getDefaultWriteParam();
      param.setProgressiveMode(
          progressive ? ImageWriteParam.MODE_DEFAULT : ImageWriteParam.MODE_DISABLED);
      writer.setOutput(out);
      writer.write(null, new IIOImage(new BufferedImage(size, size, type), null, null), param);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  /** Where the first segment of a kind begins. */
  private static int segment(byte[] jpeg, int marker) {
    int at = 2;
    while ((jpeg[at + 1] & 0xff) != marker) {
      at += 2 + ((jpeg[at + 2] & 0xff) << 8 | (jpeg[at + 3] & 0xff));
    }
    return at;
  }
}
