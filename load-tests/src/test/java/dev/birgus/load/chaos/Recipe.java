package dev.birgus.load.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A small build with several stages, what its image must have in the file {@code result}, and how
 * it has to end. Stages of different builds are the same now and then.
 *
 * @param name no other build of the run has it
 * @param kind how it has to end
 * @param group the builds that belong together: those of one line, or those of one Dockerfile; its
 *     own name if there are none
 * @param dockerfile its text
 * @param result what the image must say
 * @param destinations where the image goes, as repository and tag, without the registry
 * @param shared whether its stages may be those of other builds
 */
record Recipe(
    String name,
    Kind kind,
    String group,
    String dockerfile,
    String result,
    List<String> destinations,
    boolean shared) {

  private static final int MOST_STAGES = 3;
  private static final int SHARED_WORDS = 3;
  private static final int FOREVER_SECONDS = 3_600;

  /** How a build has to end. */
  enum Kind {
    /** With its image. */
    PLAIN,
    /** As a failure: a command of it fails. */
    FAILING,
    /** Cancelled, or with its image if that was too late. */
    CANCELLED,
    /** With its image at each of several places. */
    SEVERAL_TAGS,
    /** The newest of its line with its image, the others so or superseded. */
    LINE,
    /** With the image its twin has, to the byte. */
    TWIN,
    /** As a failure, after some attempts: whatever runs its stage dies. */
    POISON
  }

  Recipe {
    destinations = List.copyOf(destinations);
  }

  /** A build of its own. */
  static Recipe of(Kind kind, int number, Random random) {
    var name = "b" + number;
    var content = kind == Kind.POISON ? poison(name) : content(name, random, kind == Kind.FAILING);
    return new Recipe(
        name,
        kind,
        name,
        content.dockerfile(),
        content.result(),
        destinations(kind, name, random),
        true);
  }

  /** A build of a line; all of a line go to one tag. */
  static Recipe ofLine(int line, int number, Random random) {
    var name = "b" + number;
    var group = "line" + line;
    var content = content(name, random, false);
    return new Recipe(
        name,
        Kind.LINE,
        group,
        content.dockerfile(),
        content.result(),
        List.of("app:" + group),
        true);
  }

  /** The same build with another name and another tag, which is run for itself. */
  Recipe twin(int number) {
    var other = "b" + number;
    return new Recipe(other, kind, group, dockerfile, result, List.of("app:" + other), false);
  }

  private static List<String> destinations(Kind kind, String name, Random random) {
    var first = "app:" + name;
    return switch (kind) {
      case SEVERAL_TAGS -> List.of(first, "app:" + name + "-also", "other/app:" + name);
      case CANCELLED -> random.nextBoolean() ? List.of(first) : List.of(first, first + "-also");
      case PLAIN, FAILING, LINE, TWIN, POISON -> List.of(first);
    };
  }

  private record Content(String dockerfile, String result) {}

  private static Content poison(String name) {
    var text = new StringBuilder("# " + name + "\n");
    begin(text, "image", List.of());
    run(text, "/bin/busybox echo " + name + "; /bin/busybox sleep " + FOREVER_SECONDS);
    return new Content(text.toString(), "");
  }

  private static Content content(String name, Random random, boolean fails) {
    var stages = 1 + random.nextInt(MOST_STAGES);
    var text = new StringBuilder("# " + name + "\n");
    var texts = new ArrayList<String>();
    for (var stage = 0; stage < stages; stage++) {
      var shared = random.nextInt(3) == 0;
      var word = shared ? "word" + random.nextInt(SHARED_WORDS) : name + "-" + stage;
      var tenths = shared ? 20 : 1 + random.nextInt(20);
      var needs = needs(stage, shared, random);
      begin(text, "s" + stage, needs);
      var command = new StringBuilder("B=/bin/busybox; $B sleep " + tenths / 10.0);
      command.append("; $B mkdir -p /out; $B cat");
      needs.forEach(need -> command.append(" /in").append(need));
      command.append(" /dev/null > /out/text; $B echo ").append(word).append(" >> /out/text");
      run(text, command.toString());
      var says = new StringBuilder();
      needs.forEach(need -> says.append(texts.get(need)));
      texts.add(says.append(word).append('\n').toString());
    }
    return finished(name, text, texts, fails);
  }

  private static Content finished(
      String name, StringBuilder text, List<String> texts, boolean fails) {
    var all = new ArrayList<Integer>();
    for (var i = 0; i < texts.size(); i++) {
      all.add(i);
    }
    begin(text, "image", all);
    var command = new StringBuilder("B=/bin/busybox; $B cat");
    all.forEach(each -> command.append(" /in").append(each));
    command.append(" > /result; $B echo ").append(name).append(" >> /result");
    if (fails) {
      command.append("; exit 7");
    }
    run(text, command.toString());
    return new Content(text.toString(), String.join("", texts) + name + "\n");
  }

  private static List<Integer> needs(int stage, boolean shared, Random random) {
    var needs = new ArrayList<Integer>();
    for (var other = 0; !shared && other < stage; other++) {
      if (random.nextBoolean()) {
        needs.add(other);
      }
    }
    return needs;
  }

  private static void begin(StringBuilder text, String name, List<Integer> needs) {
    text.append("FROM scratch AS ").append(name).append("\nCOPY busybox /bin/busybox\n");
    needs.forEach(need ->
        text.append("COPY --from=s")
            .append(need)
            .append(" /out/text /in")
            .append(need)
            .append('\n'));
  }

  private static void run(StringBuilder text, String command) {
    text.append("RUN [\"/bin/busybox\", \"sh\", \"-ec\", \"").append(command).append("\"]\n");
  }
}
