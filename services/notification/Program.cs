using Safeguarding.Hosting;
using Safeguarding.Notification;
using Safeguarding.Notification.Deliveries;
using Safeguarding.Notification.Storage;

var builder = WebApplication.CreateBuilder(args);
builder.AddHub<NotificationDb>("notification");
builder.AddWebhookDelivery();
var app = builder.Build();
app.MapHub();
app.MapNotificationRoutes();
app.Run();
