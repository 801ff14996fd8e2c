package io.saccade.chaos;

import io.saccade.chaos.Footage.Cut;
import io.saccade.ingest.VideoUri;
import io.saccade.proto.Times;
import io.saccade.proto.v1.Question;
import io.saccade.proto.v1.TimeRange;
import io.saccade.proto.v1.VideoReference;
import io.saccade.worker.SimulatedEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** The videos and questions of a run in the order of publication; the same for the same seed. */
final class Workload {

  /** The ends of clips; a shorter file is used as a whole. */
  private static final List<Optional<Duration>> LENGTHS =
      List.of(
          Optional.empty(),
          Optional.of(Duration.ofMillis(500)),
          Optional.of(Duration.ofMillis(1_200)),
          Optional.of(Duration.ofMillis(2_500)));

  /** One in this number of questions has a range of its own. */
  private static final int OWN_RANGE = 4;

  /** One in this number of questions is published a second time, at once or later. */
  private static final int REPEATED = 5;

  private final Random random;
  private final Footage footage;
  private final List<VideoReference> videos = new ArrayList<>();
  private final List<Cut> cuts = new ArrayList<>();
  private final List<Asked> asked = new ArrayList<>();
  private final List<Question> publications = new ArrayList<>();

  /** A question and its correct answer. */
  record Asked(Question question, String answer) {}

  /** Generates the workload. */
  Workload(ChaosConfig config, Footage footage) {
    this.random = new Random(config.seed());
    this.footage = footage;
    for (int i = 0; i < config.videos(); i++) {
      addVideo(i);
    }
    for (int i = 0; i < config.questions(); i++) {
      // New videos are asked about throughout the run, so that there are always clips to decode.
      ask(i, random.nextInt(1 + (int) ((long) i * config.videos() / config.questions())));
    }
    repeatSome();
  }

  /** The videos. */
  List<VideoReference> videos() {
    return videos;
  }

  /** The distinct questions. */
  List<Asked> asked() {
    return asked;
  }

  /** All questions in the order of publication, repeats included. */
  List<Question> publications() {
    return publications;
  }

  private void addVideo(int number) {
    List<java.nio.file.Path> files = footage.files();
    Cut cut =
        new Cut(
            files.get(number % files.size()), LENGTHS.get(number / files.size() % LENGTHS.size()));
    VideoReference.Builder video =
        VideoReference.newBuilder()
            .setVideoId("video-%04d".formatted(number))
            .setUri(VideoUri.of(cut.file().toString()));
    cut.to().ifPresent(to -> video.setRange(range(to)));
    videos.add(video.build());
    cuts.add(cut);
  }

  private void ask(int number, int video) {
    String id = "question-%06d".formatted(number);
    Question.Builder question =
        Question.newBuilder()
            .setQuestionId(id)
            .setVideoId(videos.get(video).getVideoId())
            .setModel(SimulatedEngine.NAME)
            .setText(id + ": what is to be seen?");
    Cut cut = cuts.get(video);
    if (random.nextInt(OWN_RANGE) == 0) {
      Duration to = LENGTHS.get(1 + random.nextInt(LENGTHS.size() - 1)).orElseThrow();
      cut = new Cut(cut.file(), Optional.of(to));
      question.setRange(range(to));
    }
    asked.add(new Asked(question.build(), footage.answer(question.getText(), cut)));
    publications.add(question.build());
  }

  private void repeatSome() {
    for (int i = 0; i < asked.size(); i++) {
      if (random.nextInt(REPEATED) == 0) {
        Question question = asked.get(i).question();
        int first = publications.indexOf(question);
        publications.add(first + random.nextInt(publications.size() - first) + 1, question);
      }
    }
  }

  private static TimeRange range(Duration to) {
    return TimeRange.newBuilder().setTo(Times.proto(to)).build();
  }
}
