package dev.birgus.planner.instruct;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.planner.instruct.Instruction.InlineText;
import dev.birgus.planner.instruct.Instruction.Transfer;
import dev.birgus.planner.syntax.Excerpt;
import dev.birgus.planner.syntax.Heredoc;
import dev.birgus.planner.syntax.RawInstruction;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads COPY and ADD. */
final class TransferReader {

  private TransferReader() {}

  static Transfer read(Arguments arguments) {
    var raw = arguments.raw();
    var flags = Flags.of(raw, arguments.keyword(), InstructionFlags.of(arguments.keyword()));
    var words = arguments.list(2);
    var sources = new ArrayList<String>();
    var texts = new ArrayList<InlineText>();
    var left = new ArrayList<>(raw.heredocs());
    for (var word : words.subList(0, words.size() - 1)) {
      var heredoc = left.isEmpty() || !left.getFirst().word().equals(word) ? null : left.remove(0);
      if (heredoc == null) {
        sources.add(word);
      } else {
        texts.add(new InlineText(fileName(heredoc), heredoc.content(), !heredoc.quoted()));
      }
    }
    refuseLeft(left, words.getLast(), arguments);
    refuseSameName(texts);
    return new Transfer(
        sources,
        texts,
        words.getLast(),
        flags.take("from").map(from -> withoutVariables(from, raw)),
        flags.take("chown"),
        flags.take("chmod"),
        flags.rest());
  }

  private static void refuseLeft(List<Heredoc> left, String destination, Arguments arguments) {
    if (left.isEmpty()) {
      return;
    }
    var first = left.getFirst();
    if (first.word().equals(destination)) {
      throw arguments.invalidAt(
          destination,
          arguments.keyword() + " cannot have a heredoc as its destination",
          "name the file or directory last");
    }
    throw arguments.invalid(
        "the heredoc " + Excerpt.of(first.word()) + " is no word of its own",
        "write it as <<EOF, with blanks around it but none in it");
  }

  private static String fileName(Heredoc heredoc) {
    var name = heredoc.name();
    if (name.indexOf('/') >= 0 || name.equals(".") || name.equals("..")) {
      throw Failure.of(
              "invalid-heredoc",
              "the heredoc " + Excerpt.of(heredoc.word()) + " cannot be a file of that name",
              "name the file in the destination, and the heredoc EOF")
          .toException();
    }
    return name;
  }

  private static void refuseSameName(List<InlineText> texts) {
    Set<String> names = new HashSet<>();
    for (var text : texts) {
      if (!names.add(text.name())) {
        throw Failure.of(
                "invalid-heredoc",
                "two heredocs are called " + Excerpt.of(text.name()) + ": they would be one file",
                "give each another name")
            .toException();
      }
    }
  }

  private static String withoutVariables(String from, RawInstruction raw) {
    if (from.indexOf('$') >= 0) {
      throw Failure.of(
              "invalid-flag",
              Excerpt.of("--from=" + from) + " has a variable in it, which cannot be",
              "name the image with FROM " + from + " AS name, and take --from=name")
          .in(raw.placeOf("--from=" + from))
          .toException();
    }
    return from;
  }
}
