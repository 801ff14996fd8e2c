package io.saccade.video.rtsp;

import io.saccade.video.live.Follower;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.javacv.FFmpegFrameGrabber;

/**
 * A small RTSP host on this machine, which sends one video on the RTSP connection. Its replies can
 * be replaced.
 */
public final class RtspServer implements AutoCloseable {
  private static final int PAYLOAD_BYTES = 900;
  private static final int TYPE = 96;
  private static final int TICKS = 3600;

  private final ServerSocket listening = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Closeable> connections = new CopyOnWriteArrayList<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final Map<String, Function<Request, String>> answers = new ConcurrentHashMap<>();
  private final List<byte[]> units = new ArrayList<>();
  private String media = "";
  private volatile boolean cuts;
  private volatile int losing = -1;

  /** What a client asked. */
  public record Request(String method, String uri, Map<String, String> headers) {

    /** A reply to it, without a body. */
    public String reply(String status, String headersAndBlankLine) {
      return "RTSP/1.0 %s\r\nCSeq: %s\r\n%s"
          .formatted(status, headers.getOrDefault("cseq", "0"), headersAndBlankLine);
    }
  }

  public RtspServer() throws IOException {
    threads.execute(this::accept);
  }

  /** Serves the pictures of a transport stream, {@code rtpmap} telling how. */
  public RtspServer video(Path file, String encoding) throws Exception {
    media = "m=video 0 RTP/AVP %d\r\na=rtpmap:%d %s/90000\r\n".formatted(TYPE, TYPE, encoding);
    units.clear();
    try (FFmpegFrameGrabber grabber = new FFmpegFrameGrabber("file:" + file)) {
      grabber.start();
      for (AVPacket each = grabber.grabPacket(); each != null; each = grabber.grabPacket()) {
        if (each.size() > 0) {
          byte[] unit = new byte[each.size()];
          each.data().get(unit);
          units.add(unit);
        }
      }
    }
    return this;
  }

  /** Answers a method in its own way; an answer that is null says nothing. */
  public RtspServer answer(String method, Function<Request, String> answer) {
    answers.put(method, answer);
    return this;
  }

  /** Answers a method so unless that answer is null. */
  public RtspServer guard(String method, Function<Request, String> refusal) {
    return answer(
        method, request -> Optional.ofNullable(refusal.apply(request)).orElse(usual(request)));
  }

  /** Closes the connection after the last picture instead of waiting. */
  public RtspServer cutting() {
    cuts = true;
    return this;
  }

  /** Leaves out a packet of this picture. */
  public RtspServer losing(int picture) {
    losing = picture;
    return this;
  }

  public int port() {
    return listening.getLocalPort();
  }

  public String uri(String user) {
    return "rtsp://%s%s:%d/cam/1".formatted(user, Follower.HOST, port());
  }

  /** First lines of what was asked. */
  public List<String> requests() {
    return requests;
  }

  /** Connections that the client has not closed. */
  public int open() {
    return connections.size();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listening.accept();
        connections.add(socket);
        threads.execute(() -> serve(socket));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
      OutputStream out = socket.getOutputStream();
      for (Optional<Request> next = read(in); next.isPresent(); next = read(in)) {
        Request request = next.get();
        requests.add(request.method() + " " + request.uri());
        String reply = answers.getOrDefault(request.method(), this::usual).apply(request);
        if (reply != null) {
          out.write(reply.getBytes(StandardCharsets.ISO_8859_1));
          out.flush();
        }
        if (request.method().equals("PLAY")) {
          send(out);
          if (cuts) {
            return;
          }
        }
      }
    } catch (IOException e) {
      // the client closed the connection
    } finally {
      connections.remove(socket);
    }
  }

  private static Optional<Request> read(BufferedReader in) throws IOException {
    String first = in.readLine();
    if (first == null) {
      return Optional.empty();
    }
    Map<String, String> headers = new HashMap<>();
    for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
      int colon = line.indexOf(": ");
      headers.put(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 2));
    }
    String[] words = first.split(" ", -1);
    return Optional.of(new Request(words[0], words[1], headers));
  }

  private String usual(Request request) {
    return switch (request.method()) {
      case "OPTIONS" -> request.reply("200 OK", "Public: GET_PARAMETER, PLAY\r\n\r\n");
      case "DESCRIBE" -> {
        String body =
            "v=0\r\no=- 0 0 IN IP4 10.0.0.1\r\ns=-\r\nm=audio 0 RTP/AVP 0\r\na=control:sound\r\n"
                + media
                + "a=control:video\r\n";
        yield request.reply(
            "200 OK",
            "Content-Type: application/sdp\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(body.length(), body));
      }
      case "SETUP" ->
          request.reply(
              "200 OK",
              "Transport: RTP/AVP/TCP;unicast;interleaved=4-5\r\nSession: 77;timeout=2\r\n\r\n");
      default -> request.reply("200 OK", "\r\n");
    };
  }

  private void send(OutputStream out) throws IOException {
    int sequence = 65_500;
    long time = 0xffff_8000L; // 32 bits overflow soon
    for (int i = 0; i < units.size(); i++) {
      List<byte[]> payloads =
          media.contains("MP4V") ? pieces(units.get(i)) : fragments(units.get(i));
      for (int j = 0; j < payloads.size(); j++) {
        byte[] payload = payloads.get(j);
        ByteBuffer packet = ByteBuffer.allocate(16 + payload.length);
        packet.put((byte) '$').put((byte) 4).putShort((short) (12 + payload.length));
        packet.put((byte) 0x80).put((byte) (TYPE | (j == payloads.size() - 1 ? 0x80 : 0)));
        packet.putShort((short) sequence++).putInt((int) time).putInt(7).put(payload);
        if (i != losing || j != payloads.size() - 1) {
          out.write(packet.array());
        }
      }
      time += TICKS;
    }
    out.flush();
  }

  private static List<byte[]> pieces(byte[] unit) {
    List<byte[]> pieces = new ArrayList<>();
    for (int from = 0; from < unit.length; from += PAYLOAD_BYTES) {
      pieces.add(Arrays.copyOfRange(unit, from, Math.min(from + PAYLOAD_BYTES, unit.length)));
    }
    return pieces;
  }

  /** H.264: small parts as they are, the first two together, large ones in fragments. */
  private static List<byte[]> fragments(byte[] unit) {
    List<byte[]> payloads = new ArrayList<>();
    ByteArrayOutputStream together = new ByteArrayOutputStream();
    together.write(24);
    for (byte[] nal : nals(unit)) {
      if (nal.length < 100) {
        together.write(nal.length >> 8);
        together.write(nal.length);
        together.writeBytes(nal);
      } else if (nal.length <= PAYLOAD_BYTES) {
        payloads.add(nal);
      } else {
        byte[] body = Arrays.copyOfRange(nal, 1, nal.length);
        List<byte[]> pieces = pieces(body);
        for (int i = 0; i < pieces.size(); i++) {
          ByteArrayOutputStream fragment = new ByteArrayOutputStream();
          fragment.write((nal[0] & 0xe0) | 28);
          int flags = i == 0 ? 0x80 : i == pieces.size() - 1 ? 0x40 : 0;
          fragment.write(flags | (nal[0] & 0x1f));
          fragment.writeBytes(pieces.get(i));
          payloads.add(fragment.toByteArray());
        }
      }
    }
    if (together.size() > 1) {
      payloads.add(0, together.toByteArray());
    }
    return payloads;
  }

  private static List<byte[]> nals(byte[] unit) {
    List<Integer> starts = new ArrayList<>();
    for (int i = 0; i + 2 < unit.length; i++) {
      if (unit[i] == 0 && unit[i + 1] == 0 && unit[i + 2] == 1) {
        starts.add(i + 3);
      }
    }
    List<byte[]> nals = new ArrayList<>();
    for (int i = 0; i < starts.size(); i++) {
      int end = i + 1 < starts.size() ? starts.get(i + 1) - 3 : unit.length;
      while (end > starts.get(i) && unit[end - 1] == 0) {
        end--;
      }
      nals.add(Arrays.copyOfRange(unit, starts.get(i), end));
    }
    return nals;
  }

  @Override
  public void close() throws IOException {
    listening.close();
    for (Closeable connection : connections) {
      connection.close();
    }
    threads.shutdownNow();
  }
}
