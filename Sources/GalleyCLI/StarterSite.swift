/// The files of the small site that `galley init` makes.
///
/// It shows a layout, a partial, two locales, a typed variable, a condition and samples, and it builds without a
/// finding; a test holds it to that.
enum StarterSite {
  /// The files, each with its path below the site's folder.
  static let files: [(path: String, text: String)] = [
    (
      "galley.yml",
      """
      name: my-mails
      locales:
        default: en
        supported: [en, de]
        fallback: {de: [en]}
        key: '{locale}/{key}'
      dialect: jinja
      environments:
        dev:
          store: s3://my-mails-dev
          region: eu-west-1
          data:
            portalUrl: https://portal.dev.shop.example
        prod:
          store: s3://my-mails-prod
          region: eu-west-1
          data:
            portalUrl: https://portal.shop.example
      data:
        brand: The Shop
        address: 1 Long Street, Cape Town
      senders:
        orders: {name: The Shop, address: orders@shop.example}
      budgets:
        html: 50000

      """
    ),
    (
      "templates/order_confirmation.html",
      """
      ---
      layout: layout
      audience: customer
      category: transactional
      sender: orders
      subject: '{{t "order.subject" order=orderId}}'
      preheader: '{{t "order.preheader" brand=data.brand}}'
      variables:
        orderId: {type: string, example: order_7f3a}
        customerName: {type: string, optional: true, example: Thandi}
        orderUrl: {type: url, example: 'https://portal.shop.example/orders/order_7f3a'}
      ---
      <h1>{{t "order.title"}}</h1>
      {{#if customerName}}
      <p>{{t "order.hello_name" name=customerName}}</p>
      {{else}}
      <p>{{t "order.hello"}}</p>
      {{/if}}
      <p>{{t "order.body" order=orderId}}</p>
      {{> button href=orderUrl label=(t "order.button")}}

      """
    ),
    (
      "templates/order_confirmation.samples.json",
      """
      {
        "default": {
          "orderId": "order_7f3a",
          "customerName": "Thandi",
          "orderUrl": "https://portal.shop.example/orders/order_7f3a"
        },
        "without a name": {
          "orderId": "order_7f3b",
          "orderUrl": "https://portal.shop.example/orders/order_7f3b"
        }
      }

      """
    ),
    (
      "partials/layout.html",
      """
      <!DOCTYPE html>
      <html lang="{{locale.tag}}" dir="{{locale.dir}}">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <title>{{mail.subject}}</title>
      <link rel="stylesheet" href="partials/mail.css">
      </head>
      <body>
      <div class="preheader" aria-hidden="true">{{mail.preheader}}</div>
      <table role="presentation" class="page" cellpadding="0" cellspacing="0" border="0" lang="{{locale.tag}}">
      <tr>
      <td class="content">
      {{> @partial-block}}
      <p class="footer">{{data.brand}}, {{data.address}}</p>
      </td>
      </tr>
      </table>
      </body>
      </html>

      """
    ),
    (
      "partials/button.html",
      """
      ---
      parameters:
        href: url
        label: string
      ---
      <table role="presentation" class="button" cellpadding="0" cellspacing="0" border="0">
      <tr>
      <td><a href="{{href}}">{{label}}</a></td>
      </tr>
      </table>

      """
    ),
    (
      "partials/mail.css",
      """
      body { margin: 0; padding: 0; background: #f4f4f4; }
      .preheader { display: none; max-height: 0; overflow: hidden; }
      .page { width: 100%; max-width: 600px; margin: 0 auto; background: #ffffff; }
      .content { padding: 24px; font: 16px/1.5 Arial, Helvetica, sans-serif; color: #333333; }
      h1 { margin: 0 0 16px; font-size: 24px; line-height: 1.25; }
      p { margin: 0 0 16px; }
      .button td { background: #0057b3; border-radius: 4px; }
      .button a { display: inline-block; padding: 12px 24px; color: #ffffff; text-decoration: none; }
      .footer { margin: 24px 0 0; font-size: 14px; color: #595959; }
      @media (max-width: 480px) {
        .content { padding: 16px; }
      }

      """
    ),
    (
      "locales/en.yml",
      """
      order:
        subject: Your order {order}
        preheader: '{brand} has received your order.'
        title: Thank you for your order
        hello: Good day,
        hello_name: Good day {name},
        body: We have received order {order} and are working on it.
        button: See your order

      """
    ),
    (
      "locales/de.yml",
      """
      order:
        subject: Ihre Bestellung {order}
        preheader: '{brand} hat Ihre Bestellung erhalten.'
        title: Danke für Ihre Bestellung
        hello: Guten Tag,
        hello_name: Guten Tag {name},
        body: Wir haben Ihre Bestellung {order} erhalten und bearbeiten sie.
        button: Bestellung ansehen

      """
    ),
    (".gitignore", "dist/\n"),
  ]
}
