package dev.birgus.infra.codec;

import dev.birgus.infra.json.Json;
import dev.birgus.infra.json.JsonSyntaxException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Lists, and sets, which are written in an order that does not depend on the machine. */
final class SequenceBinding implements Binding {

  private final Binding item;
  private final boolean sorted;
  private final Function<List<Object>, Object> collect;

  private SequenceBinding(Binding item, boolean sorted, Function<List<Object>, Object> collect) {
    this.item = item;
    this.sorted = sorted;
    this.collect = collect;
  }

  static Binding ofList(Binding item) {
    return new SequenceBinding(item, false, items -> items);
  }

  static Binding ofSet(Binding item) {
    return new SequenceBinding(item, true, LinkedHashSet::new);
  }

  @Override
  public Optional<Json> write(Object values) {
    var items = new ArrayList<Json>();
    for (var value : (Collection<?>) values) {
      items.add(
          item.write(value)
              .orElseThrow(() -> new IllegalArgumentException("a list of optional values")));
    }
    if (sorted) {
      items.sort(Comparator.comparing(Json::toString));
    }
    return Optional.of(new Json.Arr(items));
  }

  @Override
  public Object read(Json json, String path) {
    if (!(json instanceof Json.Arr(var items))) {
      throw new JsonSyntaxException(path + " is not an array");
    }
    var values = new ArrayList<Object>(items.size());
    for (var i = 0; i < items.size(); i++) {
      values.add(item.read(items.get(i), path + "[" + i + "]"));
    }
    return collect.apply(values);
  }

  @Override
  public Optional<Object> absent() {
    return Optional.of(collect.apply(new ArrayList<>()));
  }

  @Override
  public Json.Obj schema(Definitions definitions) {
    return Json.Obj.EMPTY.with("type", Json.of("array")).with("items", item.schema(definitions));
  }
}
