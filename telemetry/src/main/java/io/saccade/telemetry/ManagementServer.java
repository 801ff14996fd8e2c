package io.saccade.telemetry;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Answers about a process over HTTP: {@code GET /live} (200 unless a role has failed), {@code GET
 * /ready} (200 when all roles are ready), both with each role's state in JSON, else 503; and {@code
 * GET /metrics} for Prometheus. Nothing else is there. A request has no body that is read; a few
 * are answered at a time, and more than wait are turned away.
 */
public final class ManagementServer implements AutoCloseable {

  private static final String JSON = "application/json";
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";
  private static final Gson GSON = new Gson();

  /** Read by the JDK's server when it is first used; a value of the user's own stays. */
  private static final Map<String, String> LIMITS =
      Map.of(
          "sun.net.httpserver.maxReqTime", "5",
          "sun.net.httpserver.maxRspTime", "10",
          "sun.net.httpserver.maxReqHeaders", "50",
          "sun.net.httpserver.maxReqHeaderSize", "16384",
          "jdk.httpserver.maxConnections", "64");

  private static final int THREADS = 2;
  private static final int WAITING = 16;
  private static final int BACKLOG = 16;

  private final RoleHealth roster;
  private final Supplier<String> scrape;
  private final HttpServer server;
  private final ThreadPoolExecutor threads;

  private ManagementServer(RoleHealth roster, Supplier<String> scrape, HttpServer server) {
    this.roster = roster;
    this.scrape = scrape;
    this.server = server;
    this.threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING),
            ManagementServer::thread);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
  }

  /**
   * Starts to answer.
   *
   * @param address where, resolved; port 0 for a free one
   * @param roster the process's roles
   * @param scrape the metrics in Prometheus's text format
   * @throws UncheckedIOException if the address cannot be bound
   */
  public static ManagementServer start(
      InetSocketAddress address, RoleHealth roster, Supplier<String> scrape) {
    LIMITS.forEach((name, value) -> System.getProperties().putIfAbsent(name, value));
    try {
      ManagementServer server =
          new ManagementServer(roster, scrape, HttpServer.create(address, BACKLOG));
      server.server.start();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "management");
    thread.setDaemon(true);
    return thread;
  }

  /** Where it answers, with the port that it has. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String method = exchange.getRequestMethod();
      if (!method.equals("GET") && !method.equals("HEAD")) {
        exchange.getResponseHeaders().set("Allow", "GET, HEAD");
        exchange.sendResponseHeaders(405, -1);
        return;
      }
      switch (exchange.getRequestURI().getRawPath()) {
        case "/live" -> answer(exchange, health -> health.state() != Health.State.FAILED);
        case "/ready" -> answer(exchange, Health::isReady);
        case "/metrics" -> send(exchange, 200, PROMETHEUS, scrape.get());
        default -> exchange.sendResponseHeaders(404, -1);
      }
    }
  }

  private void answer(HttpExchange exchange, Predicate<Health> isWell) throws IOException {
    Map<MetricScope, Health> health = roster.health();
    boolean well = health.values().stream().allMatch(isWell);
    JsonObject roles = new JsonObject();
    health.forEach((role, state) -> roles.add(role.label(), GSON.toJsonTree(state)));
    JsonObject body = new JsonObject();
    body.addProperty("ok", well);
    body.add("roles", roles);
    send(exchange, well ? 200 : 503, JSON, body.toString());
  }

  private static void send(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(status, head ? -1 : body.length);
    if (!head) {
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(body);
      }
    }
  }

  /** Stops at once; what is being answered is cut. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
