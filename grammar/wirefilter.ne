# The Wirefilter language, over the tokens of src/language/lexer.ts: one start symbol, exactly one parse or none.
#
# Chains grow to the left and stay pairs here; src/language/syntax-tree.ts makes runs of one operator into one node.
# The type of a comparison's left side decides how its literal is read, so literals stay text until they are checked.
#
#   precedence, high to low: comparison, not, and, xor, or

@{%
// Tokens arrive with their types (the lexer is given to the parser); every %name below is such a type.
const lexer = { has: () => true };

const pair = kind => ([left, , right]) => ({ kind, left, right });
const first = ([only]) => only;
%}
@lexer lexer

expression -> or {% first %}

or  -> xor   {% first %} | or  %or  xor   {% pair('or') %}
xor -> and   {% first %} | xor %xor and   {% pair('xor') %}
and -> unary {% first %} | and %and unary {% pair('and') %}

unary -> bracketed {% first %}
       | condition {% first %}

bracketed -> %not unary                         {% ([not, operand]) => ({ kind: 'not', not, operand }) %}
           | %open or %close                    {% ([open, inner, close]) => ({ kind: 'group', open, inner, close }) %}
           | %quantifier %open_arguments argument %close
                                                {% ([quantifier, , argument, close]) => ({ kind: 'quantifier', quantifier, argument, close }) %}

condition -> value      {% ([value]) => ({ kind: 'truth', value }) %}
           | comparison {% first %}

comparison -> value test {% ([value, test]) => ({ kind: 'comparison', value, test }) %}

test -> %ordering literal       {% ([operator, literal]) => ({ kind: 'literal', operator, literal }) %}
      | %bitwise_and literal    {% ([operator, literal]) => ({ kind: 'literal', operator, literal }) %}
      | %contains literal       {% ([operator, literal]) => ({ kind: 'literal', operator, literal }) %}
      | %wildcard literal       {% ([operator, literal]) => ({ kind: 'literal', operator, literal }) %}
      | %matches literal        {% ([operator, literal]) => ({ kind: 'literal', operator, literal }) %}
      | %member %list               {% ([operator, list]) => ({ kind: 'list', operator, list }) %}
      | %member %open_set items %close_set
                                {% ([operator, , items, close]) => ({ kind: 'set', operator, items, close }) %}

items -> null          {% () => undefined %}
       | items literal {% ([before, item]) => ({ before, item }) %}

literal -> %string {% first %} | %raw {% first %} | %regex {% first %} | %chunk {% first %}

value -> base                              {% first %}
       | value %open_index step %close_index {% ([value, , step, close]) => ({ kind: 'step', value, step, close }) %}

step -> %star {% first %} | %string {% first %} | %chunk {% first %}

base -> %name {% ([name]) => ({ kind: 'name', name }) %}
      | %word {% ([name]) => ({ kind: 'name', name }) %}
      | call  {% first %}

call -> callee %open_arguments %close           {% ([name, open, close]) => ({ kind: 'call', name, open, arguments: undefined, close }) %}
      | callee %open_arguments arguments %close {% ([name, open, list, close]) => ({ kind: 'call', name, open, arguments: list, close }) %}

callee -> %name {% first %} | %word {% first %}

arguments -> argument                  {% ([item]) => ({ before: undefined, item }) %}
           | arguments %comma argument {% ([before, , item]) => ({ before, item }) %}

# An argument that begins with a bracket, `not` or a quantifier is a whole formula; any other is at most one comparison.
# So `any(a or b)` is refused and `any((a or b))` is right.
argument -> value      {% ([value]) => ({ kind: 'value', value }) %}
          | comparison {% ([formula]) => ({ kind: 'formula', formula }) %}
          | led_or     {% ([formula]) => ({ kind: 'formula', formula }) %}
          | %string    {% ([literal]) => ({ kind: 'literal', literal }) %}
          | %raw       {% ([literal]) => ({ kind: 'literal', literal }) %}
          | %chunk     {% ([literal]) => ({ kind: 'literal', literal }) %}

led_or  -> led_xor   {% first %} | led_or  %or  xor   {% pair('or') %}
led_xor -> led_and   {% first %} | led_xor %xor and   {% pair('xor') %}
led_and -> bracketed {% first %} | led_and %and unary {% pair('and') %}
