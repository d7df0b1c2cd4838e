"""The page of `seqtasks.gradients.page`; its styles and its script are those of the report."""

PAGE = """\
{% extends "page.html.j2" %}
{% macro figure(name, title, alt, caption) %}
<figure>
  <h4>{{ title }}</h4>
  <div class="chart" data-chart="{{ name }}" data-alt="{{ alt }}"></div>
  <figcaption>{{ caption }}</figcaption>
</figure>
{% endmacro %}
{% set title = (recipe.dataset.path or recipe.task) ~ ": gradients through time" %}
{% block title %}{{ title }}{% endblock %}
{% block body %}
<a class="skip" href="#comparison">To the result</a>
<header>
  <p class="eyebrow">seqtasks · {{ recipe.task }}</p>
  <h1>{{ title }}</h1>
  <p class="muted">How much of the gradient of a loss at the last step is left, step by step back in time, in the first
  recurrent layer: the recipe's network with each cell, {{ farthest }} steps back.</p>
</header>
<nav aria-label="Sections"><ul>
  <li><a href="#comparison">Comparison</a></li><li><a href="#cells">Each cell</a></li>
  <li><a href="#numbers">Numbers</a></li><li><a href="#method">Method</a></li>
</ul></nav>
<main>
<section id="comparison" aria-label="Comparison">
  {% for sentence in sentences %}
  <p class="verdict">{{ sentence }}</p>
  {% endfor %}
  {% if stages | length > 1 %}<p class="muted">These sentences are about the networks {{ stages[-1] | stage }}.</p>\
{% endif %}

  <div class="stack">
  {% for stage in stages %}
  {{ figure("stage" ~ stage, "All cells, " ~ (stage | stage), "Line chart: the gradient norm of each cell over "
    ~ farthest ~ " steps back, " ~ (stage | stage), "Medians over rows, on a logarithmic axis that cuts off what is "
    ~ "too small or too large for it. Dotted: 1% is left.") }}
  {% endfor %}
  </div>
</section>

<section id="cells" aria-labelledby="cells-title">
  <h2 id="cells-title">Each cell</h2>
  <p class="muted">Median over rows, and the band in which 80% of them lie (10-90%).</p>
  <div class="split thirds">
  {% for network in networks %}
  {{ figure("cell" ~ loop.index0, network.variant.name ~ (" (this recipe)" if network.is_own else ""),
    "Line chart: the gradient norm of " ~ network.variant.name ~ " with its band over rows", network.variant.note) }}
  {% endfor %}
  </div>
</section>

<section id="numbers" aria-labelledby="numbers-title">
  <h2 id="numbers-title">Numbers</h2>
  {% for stage in stages %}
  <div class="scroll" tabindex="0" role="region" aria-label="Gradient norms {{ stage | stage }}">
  <table class="numbers">
    <caption>Gradient norm so many steps back, {{ stage | stage }}: median and 10-90% of rows</caption>
    <thead><tr><th scope="col">cell</th>{% for distance in distances %}<th scope="col">{{ distance }}</th>{% endfor %}\
<th scope="col">below 1% after</th><th scope="col">seen</th><th scope="col">gradient of all weights</th></tr></thead>
    <tbody>
    {% for network in networks %}{% set measured = network.stages[stage] %}
    <tr><th scope="row">{{ network.variant.name }}\
{% if network.is_own %}<small>this recipe</small>{% endif %}</th>
      {% for distance in distances %}<td>{{ measured.median[distance] | norm }}\
<small>{{ measured.low[distance] | norm }} to {{ measured.high[distance] | norm }}</small></td>{% endfor %}

      {% set after = measured | vanished_after %}
      <td>{{ "never" if after is none else after }}</td><td>{{ measured | verdict }}</td>\
<td>{{ measured.weights | norm }}</td></tr>
    {% endfor %}
    </tbody>
  </table>
  </div>
  {% endfor %}
</section>

<section id="method" aria-labelledby="method-title">
  <h2 id="method-title">Method</h2>
  <p>Each network reads long training rows in evaluation mode. The loss is a random direction of length 1 times the
  state after a row's last step, so a gradient can reach an earlier state only through the recurrence, and has length 1
  at distance 0. Its length is taken of all that a cell carries on, for an LSTM of h and c together. A distance is shown
  if at least half of the rows are as long; the farthest ones lie at their first steps, where a state has just left
  zero. The gradient of all weights is that of the task's own mean loss on one batch, before clipping.</p>
  {% if is_bidirectional %}<p>The recipe reads in both directions; the forward one is measured.</p>{% endif %}

  <p>A cell vanishes if its median falls below 1%, and explodes if it is above 2 at the farthest distance. See Bengio et
  al. 1994, and Pascanu et al. 2013 (arXiv:1211.5063).</p>
  <p>This command measures again:</p>
  <pre tabindex="0"><code>{{ command }}</code></pre>
</section>
</main>
{% endblock %}
"""
