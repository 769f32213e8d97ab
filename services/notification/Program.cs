using Safeguarding.Hosting;
using Safeguarding.Notification;
using Safeguarding.Notification.Channels;
using Safeguarding.Notification.Deliveries;
using Safeguarding.Notification.Feed;
using Safeguarding.Notification.Retention;
using Safeguarding.Notification.Storage;

var builder = WebApplication.CreateBuilder(args);
builder.AddHub<NotificationDb>("notification");
builder.AddChannels();
builder.AddDelivery();
builder.AddFeed();
builder.Services.AddSingleton(AlertAccounts.Set);
builder.AddRetention();
var app = builder.Build();
app.MapHub();
app.MapNotificationRoutes();
app.Run();
