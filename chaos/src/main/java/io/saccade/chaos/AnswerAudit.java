package io.saccade.chaos;

import io.saccade.chaos.Workload.Asked;
import io.saccade.proto.v1.Answer;
import io.saccade.proto.v1.AnswerStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Checks that each question has exactly one answer, the correct one. */
final class AnswerAudit {

  private final Map<String, Asked> asked = new LinkedHashMap<>();
  private final Map<String, List<Answer>> answers = new HashMap<>();

  AnswerAudit(List<Asked> asked) {
    asked.forEach(each -> this.asked.put(each.question().getQuestionId(), each));
  }

  /** Adds an answer that was published. */
  void answer(Answer answer) {
    answers.computeIfAbsent(answer.getQuestionId(), id -> new ArrayList<>()).add(answer);
  }

  /** Number of records added. */
  int answers() {
    return answers.values().stream().mapToInt(List::size).sum();
  }

  /** The lost, repeated, wrong and unexpected answers, a sentence each. */
  List<String> problems() {
    List<String> problems = new ArrayList<>();
    asked.forEach((id, question) -> check(question, answers.getOrDefault(id, List.of()), problems));
    answers.keySet().stream()
        .filter(id -> !asked.containsKey(id))
        .forEach(id -> problems.add(id + " was answered and never asked"));
    return problems;
  }

  private static void check(Asked asked, List<Answer> given, List<String> problems) {
    String id = asked.question().getQuestionId();
    if (given.isEmpty()) {
      problems.add(id + " has no answer");
    }
    if (given.size() > 1) {
      problems.add(id + " has " + given.size() + " answers");
    }
    for (Answer answer : given) {
      if (answer.getStatus() != AnswerStatus.OK) {
        problems.add(
            "%s is %s: %s %s"
                .formatted(
                    id,
                    answer.getStatus(),
                    answer.getFailure().getCode(),
                    answer.getFailure().getMessage()));
      } else if (!answer.getText().equals(asked.answer())
          || !answer.getVideoId().equals(asked.question().getVideoId())) {
        problems.add(
            "%s about %s was answered %s, right is %s"
                .formatted(id, asked.question().getVideoId(), answer.getText(), asked.answer()));
      }
    }
  }
}
