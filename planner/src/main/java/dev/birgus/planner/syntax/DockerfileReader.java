package dev.birgus.planner.syntax;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.Finding;
import dev.birgus.infra.contracts.SourceLocation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Joins the lines of a Dockerfile to instructions. Reads every line once, in order. */
final class DockerfileReader {

  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private final String file;
  private final @Nullable SourceLocation fixedPlace;
  private final Lines lines;
  private final DirectiveReader directives = new DirectiveReader();
  private final List<RawInstruction> instructions = new ArrayList<>();
  private final List<Failure> errors = new ArrayList<>();
  private final List<Finding> warnings = new ArrayList<>();
  private char escape;

  private DockerfileReader(
      String file, String text, @Nullable SourceLocation fixedPlace, char escape) {
    this.file = file;
    this.lines = new Lines(text);
    this.fixedPlace = fixedPlace;
    this.escape = escape;
  }

  static DockerfileReader ofFile(String file, String text) {
    var start = text.startsWith(BYTE_ORDER_MARK) ? 1 : 0;
    return new DockerfileReader(file, text.substring(start), null, '\\');
  }

  static DockerfileReader ofFragment(String text, SourceLocation at, char escape) {
    return new DockerfileReader(at.file(), text, at, escape);
  }

  Dockerfile read() {
    var atTop = fixedPlace == null;
    while (lines.hasNext()) {
      var line = Lines.withoutEnd(lines.next());
      var indentation = Lines.indentation(line);
      line = line.substring(indentation);
      if (atTop) {
        directives.read(line, SourceLocation.ofLine(file, lines.number()));
        escape = directives.escape();
        atTop = !directives.done();
      }
      if (!line.isEmpty() && !line.startsWith("#")) {
        readInstruction(line, indentation + 1);
      }
    }
    errors.addAll(0, directives.errors());
    warnings.addAll(0, directives.warnings());
    return new Dockerfile(directives.directives(), instructions, errors, warnings, escape);
  }

  private void readInstruction(String firstLine, int column) {
    var start = lines.number();
    var end = start;
    var emptyLine = 0;
    var joined = new StringBuilder();
    var pieces = new ArrayList<TextPlaces.Piece>();
    pieces.add(new TextPlaces.Piece(0, start, column));
    var continues = append(firstLine, joined);
    while (continues && lines.hasNext()) {
      var line = Lines.withoutEnd(lines.next());
      var indentation = Lines.indentation(line);
      if (indentation == line.length()) {
        emptyLine = emptyLine == 0 ? lines.number() : emptyLine;
      } else if (line.charAt(indentation) != '#') {
        pieces.add(new TextPlaces.Piece(joined.length(), lines.number(), 1));
        continues = append(line, joined);
        end = lines.number();
      }
    }
    if (emptyLine > 0) {
      warnings.add(
          new Finding(
              "NoEmptyContinuation",
              "there is an empty line in a continued instruction",
              Optional.of(
                  fixedPlace != null ? fixedPlace : SourceLocation.ofLine(file, emptyLine))));
    }
    var text = joined.toString();
    var stripped = Whitespace.strip(text);
    if (!stripped.isEmpty()) {
      var places =
          new TextPlaces(place(start, column, end), fixedPlace == null ? pieces : List.of())
              .shifted(Lines.indentation(text));
      readHeredocs(RawInstruction.of(stripped, places));
    }
  }

  /** Adds a line without the escape that continues it, and says whether there was one. */
  private boolean append(String line, StringBuilder joined) {
    var end = line.length();
    while (end > 0 && (line.charAt(end - 1) == ' ' || line.charAt(end - 1) == '\t')) {
      end--;
    }
    var last = end - 1;
    var continues =
        last >= 0 && line.charAt(last) == escape && (last == 0 || line.charAt(last - 1) != escape);
    joined.append(line, 0, continues ? last : line.length());
    return continues;
  }

  private void readHeredocs(RawInstruction instruction) {
    var opened = opened(instruction);
    if (opened.isEmpty()) {
      instructions.add(instruction);
      return;
    }
    var complete = new ArrayList<Heredoc>();
    for (var heredoc : opened) {
      var body = body(heredoc);
      if (body == null) {
        errors.add(
            Failure.of(
                    "unterminated-heredoc",
                    "the heredoc " + Excerpt.of(heredoc.word()) + " has no end",
                    "end it with a line that holds only "
                        + heredoc.name()
                        + "; if none is meant, put the << in quotes")
                .in(instruction.placeOf(heredoc.word())));
        return;
      }
      complete.add(heredoc.withBody(body));
    }
    var at = instruction.at();
    var place = place(at.line(), at.column(), lines.number());
    instructions.add(instruction.with(complete).to(place));
  }

  private List<Heredoc> opened(RawInstruction instruction) {
    if (!instruction.text().contains("<<")) {
      return List.of();
    }
    var reader = instruction.isNamed("ONBUILD") ? instruction.inner() : instruction;
    if (!reader.isNamed("RUN") && !reader.isNamed("COPY") && !reader.isNamed("ADD")) {
      return List.of();
    }
    return JsonForm.of(reader.arguments()) instanceof JsonForm.None
        ? HeredocScanner.openedBy(reader.text())
        : List.of();
  }

  private @Nullable String body(Heredoc heredoc) {
    var body = new StringBuilder();
    while (lines.hasNext()) {
      var line = lines.next();
      var candidate = Lines.withoutEnd(line);
      var start = 0;
      while (heredoc.stripsTabs()
          && start < candidate.length()
          && candidate.charAt(start) == '\t') {
        start++;
      }
      if (candidate.length() - start == heredoc.name().length()
          && candidate.startsWith(heredoc.name(), start)) {
        return body.toString();
      }
      body.append(line);
    }
    return null;
  }

  private SourceLocation place(int line, int column, int endLine) {
    return fixedPlace != null ? fixedPlace : new SourceLocation(file, line, column, endLine);
  }
}
