package dev.birgus.load.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A small build with several stages, and what its image must have in the file {@code result}.
 * Stages of different builds are the same now and then.
 *
 * @param tag of its image
 * @param dockerfile its text
 * @param result what the image must say
 * @param fails whether a command of it fails
 */
record Recipe(String tag, String dockerfile, String result, boolean fails) {

  private static final int MOST_STAGES = 3;
  private static final int SHARED_WORDS = 3;

  static Recipe random(int number, Random random) {
    var stages = 1 + random.nextInt(MOST_STAGES);
    var fails = random.nextInt(12) == 0;
    var text = new StringBuilder("# build " + number + "\n");
    var texts = new ArrayList<String>();
    for (var stage = 0; stage < stages; stage++) {
      var shared = random.nextInt(3) == 0;
      var word = shared ? "word" + random.nextInt(SHARED_WORDS) : "b" + number + "-" + stage;
      var tenths = shared ? 20 : 1 + random.nextInt(25);
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
    return finished(number, text, texts, fails);
  }

  private static Recipe finished(
      int number, StringBuilder text, List<String> texts, boolean fails) {
    var all = new ArrayList<Integer>();
    for (var i = 0; i < texts.size(); i++) {
      all.add(i);
    }
    begin(text, "image", all);
    var command = new StringBuilder("B=/bin/busybox; $B cat");
    all.forEach(each -> command.append(" /in").append(each));
    var last = "build" + number;
    command.append(" > /result; $B echo ").append(last).append(" >> /result");
    if (fails) {
      command.append("; exit 7");
    }
    run(text, command.toString());
    return new Recipe("b" + number, text.toString(), String.join("", texts) + last + "\n", fails);
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
